import { fstatSync, read } from 'node:fs';
import { promisify } from 'node:util';
import type { StoreKey } from './keys.js';
import { ignoreMissing } from './local-error.js';
import { withDescriptor } from './open-descriptor.js';
import type { ByteRange } from './store.js';
import { checkSize } from './store-checks.js';

const readInto = promisify(read);

/** Reads a file of a directory store, or a part of it; undefined when it is not there. */
export async function readPart(
  path: string,
  key: StoreKey,
  range: ByteRange | undefined,
): Promise<Uint8Array | undefined> {
  try {
    return await withDescriptor({ path, flags: 'r' }, (file) => {
      // What is open has its size in memory.
      const { size } = fstatSync(file);
      if (range === undefined) checkSize(key, size, 'read');
      const start = Math.min(range?.offsetBytes ?? 0, size);
      return readFully(file, start, Math.min(range?.lengthBytes ?? size, size - start));
    });
  } catch (error) {
    return ignoreMissing(error, `Cannot read "${key}"`);
  }
}

/** A read(2) may give less than was asked for. */
async function readFully(file: number, start: number, lengthBytes: number): Promise<Uint8Array> {
  const bytes = Buffer.alloc(lengthBytes);
  for (let filled = 0; filled < lengthBytes; ) {
    const { bytesRead } = await readInto(file, bytes, filled, lengthBytes - filled, start + filled);
    if (bytesRead === 0) return bytes.subarray(0, filled);
    filled += bytesRead;
  }
  return bytes;
}
