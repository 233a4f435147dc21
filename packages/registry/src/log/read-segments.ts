import { Readable } from 'node:stream';
import { createGunzip } from 'node:zlib';
import { EbpmError } from '@ebpm/formats';
import { LOG_LIMITS } from '../limits-log.js';
import { segmentKey } from '../stores/keys.js';
import { readLargeObject } from '../stores/large-object.js';
import type { Store } from '../stores/store.js';
import { isZlibError } from '../stores/zlib-error.js';
import type { LogReader } from './log-reader.js';
import { firstOfSegment } from './segment.js';
import { splitEntries } from './split-entries.js';

/**
 * Moves a reader of the public log forward over segments, as far as there are sound ones: a thousand entries a GET. What they
 * hold is checked as entries are; one that is damaged is left alone, and the entries themselves are read.
 * @throws EBPM_STORE_UNAVAILABLE, EBPM_STORE_REFUSED
 */
export async function readSegments(store: Store, reader: LogReader): Promise<void> {
  for (;;) {
    const before = reader.head.seq;
    const first = firstOfSegment(before + 1);
    await reader.readFrom(first, segmentEntries(store, first));
    if (reader.head.seq === before || firstOfSegment(reader.head.seq + 1) === first) return;
  }
}

/**
 * The entries of a segment, as far as it can be read; none when there is no such segment.
 * @throws EBPM_STORE_UNAVAILABLE, EBPM_STORE_REFUSED
 */
export async function* segmentEntries(store: Store, first: number): AsyncGenerator<Uint8Array, void> {
  const parts = readLargeObject(store, segmentKey(first));
  const begin = await parts.next();
  if (begin.done === true) return;
  try {
    yield* splitEntries(gunzipped(begin.value, parts), first);
  } catch (error) {
    const isDamaged = isZlibError(error) || (error instanceof EbpmError && error.code === 'EBPM_LOG_UNSOUND');
    if (!isDamaged) throw error;
  }
}

async function* gunzipped(begin: Uint8Array, rest: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array, void> {
  const source = Readable.from(
    (async function* () {
      yield begin;
      yield* rest;
    })(),
  );
  const gunzip = createGunzip({ chunkSize: LOG_LIMITS.chunkSizeBytes });
  source.on('error', (error) => gunzip.destroy(error));
  try {
    for await (const chunk of source.pipe(gunzip)) yield chunk as Uint8Array;
  } finally {
    source.destroy();
    gunzip.destroy();
  }
}
