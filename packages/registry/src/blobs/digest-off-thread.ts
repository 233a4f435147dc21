import { createHash } from 'node:crypto';
import { setImmediate as nextTurn } from 'node:timers/promises';
import { type Digest, digestOf } from '@ebpm/formats';

/** Below 256 KiB hashing takes less time than handing it over; as much of shared memory is hashed before others get their turn. */
const LARGE_SIZE_BYTES = 256 * 1024;

/** The digest of some bytes; of many, computed beside the event loop, which 20 MiB would hold up for everybody. */
export async function digestOffThread(bytes: Uint8Array): Promise<Digest> {
  if (bytes.length < LARGE_SIZE_BYTES) return digestOf(bytes);
  // Web Cryptography takes no views on shared memory.
  if (!(bytes.buffer instanceof ArrayBuffer)) return digestInTurns(bytes);
  const hash = await crypto.subtle.digest('SHA-256', bytes as Uint8Array<ArrayBuffer>);
  return `sha256:${Buffer.from(hash).toString('hex')}`;
}

async function digestInTurns(bytes: Uint8Array): Promise<Digest> {
  const hash = createHash('sha256');
  for (let at = 0; at < bytes.length; at += LARGE_SIZE_BYTES) {
    hash.update(bytes.subarray(at, at + LARGE_SIZE_BYTES));
    await nextTurn();
  }
  return `sha256:${hash.digest('hex')}`;
}
