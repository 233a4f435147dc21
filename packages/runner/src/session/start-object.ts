import {
  type LoadedObject,
  minimalKernelBtf,
  type RunningObject,
  type SkippedProgram,
  type Targets,
} from '@ebpm/loader';
import type { VariableValue } from '../arguments/parse-program-arguments.js';
import type { RunnablePackage } from '../runnable-package.js';
import { loadObject } from './load-object.js';
import { programSettings, refuseUnusedTargets } from './program-settings.js';

/** How an object is started. */
export interface StartOptions {
  readonly values: readonly VariableValue[];
  /** BTF of this kernel, or the path of a file with it, instead of the kernel's own. */
  readonly kernelBtf?: Uint8Array | string | undefined;
  /** What programs attach to, instead of what the package says. */
  readonly targets?: Targets | undefined;
  /** Runs what can run, instead of nothing when one program cannot. Default: false. */
  readonly bestEffort?: boolean | undefined;
  /** Called when everything is in the kernel and nothing is attached yet. */
  readonly onLoaded?: ((loaded: LoadedObject) => void) | undefined;
}

/** What runs, and what does not while the rest does. */
export interface Started {
  readonly running: RunningObject;
  readonly skipped: readonly SkippedProgram[];
}

/**
 * Opens a package's object, sets its globals, loads and attaches it.
 *
 * @throws the codes of the loader, EBPM_PACKAGE_INCONSISTENT, EBPM_ATTACH_FAILED, EBPM_TARGET_UNUSED
 */
export function startObject(pkg: RunnablePackage, options: StartOptions): Started {
  const { values, kernelBtf, onLoaded, targets = {}, bestEffort = false } = options;
  refuseUnusedTargets(pkg, targets);
  const settings = programSettings(pkg);
  const btf = kernelBtf ?? minimalKernelBtf(pkg.object);
  const { loaded, skipped } = loadObject(pkg, { values, settings, bestEffort, btf });
  try {
    onLoaded?.(loaded);
    const running = loaded.attach({ settings, targets, bestEffort });
    return { running, skipped: [...skipped, ...running.skipped] };
  } finally {
    loaded.close();
  }
}
