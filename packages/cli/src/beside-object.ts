import { existsSync } from 'node:fs';
import { sniffPackage } from '@ebpm/formats';
import { readFileArgument } from './read-input.js';

/**
 * The object that lies beside a file with nothing but metadata: `x.bpf.o` or `x.o` for `x.skel.json`. Undefined where the file is
 * something else or nothing lies there.
 *
 * @throws EBPM_FILE_UNREADABLE
 */
export async function besideObject(path: string, bytes: Uint8Array): Promise<Uint8Array | undefined> {
  if (!isMetadata(bytes)) return undefined;
  const stem = path.replace(/(\.skel)?\.json$/, '');
  const object = [`${stem}.bpf.o`, `${stem}.o`].find((candidate) => candidate !== path && existsSync(candidate));
  return object === undefined ? undefined : readFileArgument(object);
}

/** JSON is not parsed twice where a look is enough. */
function isMetadata(bytes: Uint8Array): boolean {
  const text = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  return text.includes('"bpf_skel"') && !text.includes('"bpf_object"') && sniffPackage(bytes) === 'skel';
}
