import { type Digest, digestOf } from '@ebpm/formats';

/** Below 256 KiB hashing takes less time than handing it over. */
const LARGE_SIZE_BYTES = 256 * 1024;

/** The digest of some bytes; of many, computed beside the event loop, which 20 MiB would hold up for everybody. */
export async function digestOffThread(bytes: Uint8Array): Promise<Digest> {
  if (bytes.length < LARGE_SIZE_BYTES) return digestOf(bytes);
  const hash = await crypto.subtle.digest('SHA-256', bytes as Uint8Array<ArrayBuffer>);
  return `sha256:${Buffer.from(hash).toString('hex')}`;
}
