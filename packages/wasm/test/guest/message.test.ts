import { describe, expect, it } from 'vitest';
import { decodeMessage, encodeMessage } from '../../src/guest/message.js';
import { MAX_HEADER_BYTES } from '../../src/limits.js';

describe('decodeMessage()', () => {
  it('decodeMessage() gives back what encodeMessage() was given', () => {
    const message = decodeMessage(encodeMessage({ call: 'load', name: 'ü' }, Uint8Array.of(1, 2, 3)));
    expect(message?.header).toEqual({ call: 'load', name: 'ü' });
    expect([...(message?.blob ?? [])]).toEqual([1, 2, 3]);
    expect(decodeMessage(encodeMessage({}))?.blob).toHaveLength(0);
  });

  it.each([
    ['nothing', Buffer.of()],
    ['a header that is longer than the frame', Buffer.of(9, 0, 0, 0, 0x7b, 0x7d)],
    ['what is no JSON', Buffer.of(2, 0, 0, 0, 0x7b, 0x7b)],
    ['a header that is too long', Buffer.concat([Buffer.of(1, 0, 4, 0), Buffer.alloc(MAX_HEADER_BYTES + 1, ' ')])],
  ])('decodeMessage() refuses %s', (_, bytes) => {
    expect(decodeMessage(bytes)).toBeUndefined();
  });
});
