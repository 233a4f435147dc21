import { openObject, type RunningObject } from '@ebpm/loader';
import { applyValues } from '../arguments/apply-values.js';
import type { VariableValue } from '../arguments/parse-program-arguments.js';
import type { RunnablePackage } from '../runnable-package.js';

/** How an object is started. */
export interface StartOptions {
  readonly values: readonly VariableValue[];
  /** A file with the BTF of this kernel, instead of the kernel's own. */
  readonly btfPath?: string | undefined;
}

/**
 * Opens a package's object, sets its globals, loads and attaches it.
 *
 * @throws the codes of the loader, EBPM_PACKAGE_INCONSISTENT
 */
export function startObject(pkg: RunnablePackage, { values, btfPath }: StartOptions): RunningObject {
  const open = openObject(pkg.checked, { name: pkg.name, ...(btfPath === undefined ? {} : { btfPath }) });
  try {
    applyValues(open, values);
    return open.load().attach();
  } finally {
    open.close();
  }
}
