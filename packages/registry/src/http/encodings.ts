import { promisify } from 'node:util';
import { brotliCompress, constants, gzip } from 'node:zlib';
import { COMPRESSION_LIMITS } from '../limits.js';

/** How a body is sent. */
export type Encoding = 'identity' | 'gzip' | 'br';

/** A body in its forms: each compressed one is made when it is asked for the first time, off the event loop, and kept. */
export class Encodings {
  readonly #identity: Buffer;
  readonly #ready: Partial<Record<Encoding, Buffer>> = {};
  readonly #underWay: Partial<Record<Encoding, Promise<Buffer>>> = {};

  constructor(identity: Buffer) {
    this.#identity = identity;
  }

  get sizeBytes(): number {
    return this.#identity.length;
  }

  /** The body in this form, if it has been made. */
  ready(encoding: Encoding): Buffer | undefined {
    return encoding === 'identity' ? this.#identity : this.#ready[encoding];
  }

  /** The body in this form. */
  async make(encoding: Encoding): Promise<Buffer> {
    if (encoding === 'identity') return this.#identity;
    this.#underWay[encoding] ??= compress(encoding, this.#identity);
    const made = await this.#underWay[encoding];
    this.#ready[encoding] = made;
    return made;
  }
}

/**
 * Which form a client gets: the best that `accept-encoding` (RFC 9110 section 12.5.3) allows, where compressing is worth it. A name
 * with `q=0` is not wanted; other weights are not looked at.
 */
export function encodingFor(
  header: string | string[] | undefined,
  { sizeBytes }: { readonly sizeBytes: number },
): Encoding {
  const isWorthIt = sizeBytes >= COMPRESSION_LIMITS.minSizeBytes && sizeBytes <= COMPRESSION_LIMITS.maxSizeBytes;
  if (header === undefined || !isWorthIt) return 'identity';
  const names = String(header)
    .toLowerCase()
    .split(',')
    .filter((part) => !/;\s*q=0(\.0*)?\s*$/.test(part))
    .map((part) => part.split(';')[0]?.trim());
  if (names.includes('br')) return 'br';
  return names.includes('gzip') ? 'gzip' : 'identity';
}

function compress(encoding: 'gzip' | 'br', body: Buffer): Promise<Buffer> {
  if (encoding === 'gzip') return promisify(gzip)(body, { level: 6 });
  const { BROTLI_PARAM_QUALITY, BROTLI_PARAM_SIZE_HINT } = constants;
  return promisify(brotliCompress)(body, {
    params: { [BROTLI_PARAM_QUALITY]: 5, [BROTLI_PARAM_SIZE_HINT]: body.length },
  });
}
