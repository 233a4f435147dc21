import { readSync } from 'node:fs';
import { constants, open } from 'node:fs/promises';
import { EbpmError } from '@ebpm/formats';

const CHUNK_BYTES = 1024 * 1024;

/**
 * Reads a regular file of at most `limitBytes`. It is read to its end whatever size it claims to have: files under /sys may claim 0.
 * @throws EBPM_BUILD_TOO_LARGE, and Node's errors for what cannot be read
 */
export async function readLimited(path: string, limitBytes: number): Promise<Uint8Array> {
  // Without O_NONBLOCK the opening of a named pipe would wait for a writer.
  const file = await open(path, constants.O_RDONLY | constants.O_NONBLOCK);
  try {
    const isFile = (await file.stat()).isFile();
    if (!isFile) throw Object.assign(new Error(`"${path}" is not a regular file`), { code: 'EINVAL' });
    return readAll(file.fd, path, limitBytes);
  } finally {
    await file.close();
  }
}

/** sysfs gives one page a call, so the BTF of a kernel takes over a thousand; waiting for each would take ten times as long. */
function readAll(fd: number, path: string, limitBytes: number): Uint8Array {
  const chunk = Buffer.alloc(Math.min(CHUNK_BYTES, limitBytes + 1));
  const chunks: Uint8Array[] = [];
  for (let sizeBytes = 0; sizeBytes <= limitBytes; ) {
    const bytesRead = readSync(fd, chunk);
    if (bytesRead === 0) return Buffer.concat(chunks);
    sizeBytes += bytesRead;
    chunks.push(Uint8Array.from(chunk.subarray(0, bytesRead)));
  }
  throw new EbpmError('EBPM_BUILD_TOO_LARGE', `Cannot read "${path}": it is larger than ${limitBytes} bytes`, {
    data: { path, limitBytes },
  });
}
