// Facts say the same names again and again, so that they are kept packed: those of a usual tool have a few hundred bytes then, and stand
// in the publish itself. Their digest is that of the bytes that every client makes of the same archive.

import { deflateRawSync, inflateRawSync } from 'node:zlib';
import { type Digest, digestOf, type PackageFacts } from '@ebpm/formats';
import { factsBytes } from '@ebpm/object';
import { packageFactsKind, validate } from '@ebpm/schemas';
import { ENTRY_LIMITS } from '../limits-log.js';
import { parseJson } from '../parse-json.js';
import { isZlibError } from '../stores/zlib-error.js';

/** The facts of a package as its publish has them. */
export interface PackedFacts {
  readonly factsVersion: number;
  /** Of the canonical bytes. */
  readonly factsDigest: Digest;
  /** The canonical bytes, raw deflate in base64; undefined where that would not fit an operation. */
  readonly facts: string | undefined;
}

/** Packs facts. */
export function packFacts(facts: PackageFacts): PackedFacts {
  const bytes = factsBytes(facts);
  const packed = deflateRawSync(bytes, { level: 9 }).toString('base64');
  const fits = packed.length <= ENTRY_LIMITS.factsLength && bytes.length <= ENTRY_LIMITS.factsSizeBytes;
  return { factsVersion: facts.version, factsDigest: digestOf(bytes), facts: fits ? packed : undefined };
}

/** Facts that were packed; undefined for what is none, whoever wrote it. */
export function unpackFacts(packed: string): PackageFacts | undefined {
  if (packed.length > ENTRY_LIMITS.factsLength) return undefined;
  const checked = validate(packageFactsKind, unpackedJson(packed));
  return checked.ok ? checked.value : undefined;
}

function unpackedJson(packed: string): unknown {
  try {
    const bytes = inflateRawSync(Buffer.from(packed, 'base64'), { maxOutputLength: ENTRY_LIMITS.factsSizeBytes });
    return parseJson(bytes);
  } catch (error) {
    if (isZlibError(error) || (error instanceof RangeError && 'code' in error)) return undefined;
    throw error;
  }
}
