import { cachedBtf, type LoadedObject, openObject, type RunningObject } from '@ebpm/loader';
import type { CheckedObject } from '@ebpm/object';
import { applyValues } from '../arguments/apply-values.js';
import type { VariableValue } from '../arguments/parse-program-arguments.js';
import type { RunnablePackage } from '../runnable-package.js';

/** How an object is started. */
export interface StartOptions {
  readonly values: readonly VariableValue[];
  /** BTF of this kernel, or the path of a file with it, instead of the kernel's own. */
  readonly kernelBtf?: Uint8Array | string | undefined;
  /** Called when everything is in the kernel and nothing is attached yet. */
  readonly onLoaded?: ((loaded: LoadedObject) => void) | undefined;
  /** Where minimal BTF is kept, which is used when no other is given; default: nowhere. */
  readonly btfCache?: BtfCache | undefined;
}

/** A cache of minimal BTF, and how it is filled. */
export interface BtfCache {
  readonly folder: string;
  /** Called once the object is attached and the cache has nothing for it yet. */
  readonly fill: (object: CheckedObject) => void;
}

/**
 * Opens a package's object, sets its globals, loads and attaches it.
 *
 * @throws the codes of the loader, EBPM_PACKAGE_INCONSISTENT
 */
export function startObject(
  pkg: RunnablePackage,
  { values, kernelBtf, btfCache, onLoaded }: StartOptions,
): RunningObject {
  const cached =
    kernelBtf !== undefined || btfCache === undefined ? 'useless' : cachedBtf(btfCache.folder, pkg.checked);
  const btf = cached === 'missing' || cached === 'useless' ? kernelBtf : cached;
  const open = openObject(pkg.checked, { name: pkg.name, btf });
  try {
    applyValues(open, values);
    const running = attach(open.load(), onLoaded);
    if (cached === 'missing') btfCache?.fill(pkg.checked);
    return running;
  } finally {
    open.close();
  }
}

function attach(loaded: LoadedObject, onLoaded: StartOptions['onLoaded']): RunningObject {
  try {
    onLoaded?.(loaded);
    return loaded.attach();
  } finally {
    loaded.close();
  }
}
