import { loadBinding, type NativeHelper } from './binding.js';
import { capabilityNumber } from './capabilities.js';
import type { Identity } from './drop-privileges.js';
import { isNativeFailure } from './native-failure.js';
import { AFTER_ATTACH } from './privileges.js';
import type { Entrusted } from './remains.js';

/** A file of another process: its maps, a file that it runs code from (the path as its maps show it), or its perf map. */
export type ProcessFile = 'maps' | { readonly mapped: string } | { readonly perfMapOf: number };

/**
 * A process that keeps the capabilities for one task after this one has given up its own, and can do nothing else
 * (native/privileged-helper.cc). It ends when it is closed, and when this process ends, however that happens.
 */
export class PrivilegedHelper {
  readonly #native: NativeHelper;

  /**
   * @param task opening files of processes, or what it takes back when it ends
   * @throws NativeFailure when it cannot be started
   */
  static start({ uid, gid }: Identity, task: 'user symbols' | readonly Entrusted[]): PrivilegedHelper {
    const capabilities = AFTER_ATTACH[task === 'user symbols' ? task : 'remove remains'].map(capabilityNumber);
    const { PrivilegedHelper: Native } = loadBinding();
    return new PrivilegedHelper(new Native(uid, gid, capabilities, task === 'user symbols' ? [] : task));
  }

  private constructor(native: NativeHelper) {
    this.#native = native;
  }

  /**
   * A descriptor to read from, the caller's; undefined where the process or the file is gone, or may not be read. Paths are followed
   * within the root of that process, and only regular files open.
   */
  open(pid: number, file: ProcessFile): number | undefined {
    try {
      return this.#native.openProcessFile(pid, ...kindAndPath(file));
    } catch (error) {
      if (isNativeFailure(error)) return undefined;
      throw error;
    }
  }

  /** Has it take back what it was entrusted with, and end. Safe to call twice. */
  close(): void {
    this.#native.close();
  }
}

/** As native/process-file.h numbers them. */
function kindAndPath(file: ProcessFile): [number, string] {
  if (file === 'maps') return [0, ''];
  return 'mapped' in file ? [1, file.mapped] : [2, String(file.perfMapOf)];
}
