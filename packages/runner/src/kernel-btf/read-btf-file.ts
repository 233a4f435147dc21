import { readFileSync, statSync } from 'node:fs';
import { EbpmError } from '@ebpm/formats';
import { readBtf } from '@ebpm/object';
import { MAX_KERNEL_BTF_BYTES } from '../limits.js';

/** Reads and checks a file with the BTF of a kernel, as `/sys/kernel/btf/vmlinux` is one. @throws EBPM_BTF_FILE_UNUSABLE */
export function readBtfFile(path: string): Uint8Array {
  try {
    const stat = statSync(path);
    if (!stat.isFile()) throw new Error('it is not a regular file');
    if (stat.size > MAX_KERNEL_BTF_BYTES) throw new Error(`it has more than ${MAX_KERNEL_BTF_BYTES} bytes`);
    const bytes = new Uint8Array(readFileSync(path));
    readBtf(bytes);
    return bytes;
  } catch (cause) {
    throw new EbpmError(
      'EBPM_BTF_FILE_UNUSABLE',
      `Cannot use "${path}" as BTF of a kernel: ${(cause as Error).message}`,
      {
        cause,
        hint: 'Copy /sys/kernel/btf/vmlinux of the kernel that is asked for, or take it out of its vmlinux: objcopy --dump-section .BTF=FILE vmlinux',
      },
    );
  }
}
