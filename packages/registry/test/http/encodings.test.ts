import { describe, expect, it } from 'vitest';
import { encodingFor } from '../../src/http/encodings.js';
import { COMPRESSION_LIMITS } from '../../src/limits.js';

describe('encodingFor()', () => {
  it.each([
    [undefined, 'identity'],
    ['', 'identity'],
    ['gzip, deflate, br', 'br'],
    ['GZIP;q=0.5', 'gzip'],
    ['br;q=0, gzip', 'gzip'],
    ['br;q=0.0', 'identity'],
    ['zstd', 'identity'],
  ])('for "%s" it is %s', (header, encoding) => {
    expect(encodingFor(header, { sizeBytes: 5_000 })).toBe(encoding);
  });

  it.each([COMPRESSION_LIMITS.minSizeBytes - 1, COMPRESSION_LIMITS.maxSizeBytes + 1])(
    'leaves %i bytes as they are',
    (sizeBytes) => {
      expect(encodingFor('br, gzip', { sizeBytes })).toBe('identity');
    },
  );
});
