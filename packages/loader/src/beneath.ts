import { loadBinding, type NativeBeneath } from './binding.js';

/**
 * Files below a directory that is open: paths are resolved by the kernel alone (openat2(2), Linux 5.6; ENOSYS before) and lead nowhere else, whatever is renamed or linked meanwhile.
 * What is done to a name, such as to remove it, does not follow a link that has it. EPERM: the path leads out.
 *
 * @throws EBPM_LOADER_UNAVAILABLE; each function throws a NativeFailure with the kernel's errno
 */
export function filesBeneath(): NativeBeneath {
  return loadBinding().beneath;
}
