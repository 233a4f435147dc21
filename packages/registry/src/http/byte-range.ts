/** A part of a body, both ends in it. */
export interface BodyRange {
  readonly first: number;
  readonly last: number;
}

/**
 * Reads a `range` header (RFC 9110 section 14.2) for a body of this size: undefined when the whole body is to be sent (no header,
 * another unit, several parts), `unsatisfiable` when it begins behind the end.
 */
export function byteRange(header: string | undefined, sizeBytes: number): BodyRange | 'unsatisfiable' | undefined {
  const [, from = '', to = ''] = /^bytes=(\d{0,15})-(\d{0,15})$/.exec(header ?? '') ?? [];
  if (from === '' && to === '') return undefined;
  if (from === '') return Number(to) === 0 ? 'unsatisfiable' : rangeOf(Math.max(0, sizeBytes - Number(to)), sizeBytes);
  if (to !== '' && Number(to) < Number(from)) return undefined;
  return rangeOf(Number(from), sizeBytes, to === '' ? undefined : Number(to));
}

function rangeOf(first: number, sizeBytes: number, last = sizeBytes - 1): BodyRange | 'unsatisfiable' {
  return first >= sizeBytes ? 'unsatisfiable' : { first, last: Math.min(last, sizeBytes - 1) };
}
