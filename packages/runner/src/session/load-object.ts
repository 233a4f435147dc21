import { EbpmError } from '@ebpm/formats';
import { type LoadedObject, openObject, type ProgramSettings, type SkippedProgram } from '@ebpm/loader';
import { applyValues } from '../arguments/apply-values.js';
import type { VariableValue } from '../arguments/parse-program-arguments.js';
import type { RunnablePackage } from '../runnable-package.js';

/** How an object is loaded. */
export interface LoadOptions {
  readonly values: readonly VariableValue[];
  readonly settings: ReadonlyMap<string, ProgramSettings>;
  /** Leaves out what cannot be loaded, not only what is optional. */
  readonly bestEffort: boolean;
  /** BTF of the kernel, instead of its own. */
  readonly btf?: string | Uint8Array | undefined;
}

/** An object in the kernel, and the programs that had to be left out. */
export interface Loaded {
  readonly loaded: LoadedObject;
  readonly skipped: readonly SkippedProgram[];
}

/**
 * Opens a package's object, sets its globals and loads it. libbpf loads all or nothing, so where a program may be missing it is left
 * out and the object opened anew, until the rest loads.
 *
 * @throws the codes of the loader, EBPM_PACKAGE_INCONSISTENT
 */
export function loadObject(pkg: RunnablePackage, options: LoadOptions): Loaded {
  const skipped: SkippedProgram[] = [];
  for (;;) {
    try {
      return { loaded: loadWithout(pkg, options, skipped), skipped };
    } catch (error) {
      const left = leftOut(pkg, options, error);
      if (left === undefined || skipped.some(({ name }) => name === left.name)) throw error;
      skipped.push(left);
      // Nothing of it runs here, and this is why.
      if (pkg.object.programs.every(({ name }) => skipped.some((one) => one.name === name))) throw error;
    }
  }
}

function loadWithout(pkg: RunnablePackage, options: LoadOptions, skipped: readonly SkippedProgram[]): LoadedObject {
  const open = openObject(pkg.checked, { name: pkg.name, btf: options.btf });
  try {
    for (const { name } of skipped) open.setAutoload(name, false);
    applyValues(open, options.values);
    return open.load();
  } finally {
    open.close();
  }
}

/** The program that a failure to load is about, when the rest may run without it. */
function leftOut(pkg: RunnablePackage, options: LoadOptions, error: unknown): SkippedProgram | undefined {
  if (!(error instanceof EbpmError) || error.code === 'EBPM_NOT_PERMITTED') return undefined;
  const program = pkg.object.programs.find(({ name }) => name === error.data?.['program']);
  if (program === undefined) return undefined;
  const { name, section } = program;
  const mayBeMissing = options.bestEffort || options.settings.get(name)?.optional === true;
  return mayBeMissing ? { name, section, reason: error.message } : undefined;
}
