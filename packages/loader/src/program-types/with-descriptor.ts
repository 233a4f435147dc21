import { closeSync, openSync } from 'node:fs';
import { EbpmError } from '@ebpm/formats';
import type { ProgramInfo } from '../object-info.js';

/** Opens a file or folder for the time of a call; the kernel keeps what it needs of it. @throws EBPM_ATTACH_TARGET_MISSING */
export function withDescriptor<T>(program: ProgramInfo, path: string, use: (descriptor: number) => T): T {
  const descriptor = open(program, path);
  try {
    return use(descriptor);
  } finally {
    closeSync(descriptor);
  }
}

function open({ name, section }: ProgramInfo, path: string): number {
  try {
    return openSync(path, 'r');
  } catch (cause) {
    const { code, errno = 0 } = cause as NodeJS.ErrnoException;
    const reason = code === 'ENOENT' ? 'does not exist' : 'cannot be opened';
    throw new EbpmError(
      'EBPM_ATTACH_TARGET_MISSING',
      `Cannot attach "${name}" to ${section}: ${JSON.stringify(path)} ${reason}`,
      { cause, data: { errno: -errno, program: name, section } },
    );
  }
}
