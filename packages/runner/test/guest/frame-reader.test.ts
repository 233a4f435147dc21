import { describe, expect, it } from 'vitest';
import { FrameReader } from '../../src/guest/frame-reader.js';

function frame(text: string, descriptors = 0): Buffer {
  const header = Buffer.alloc(8);
  header.writeUInt32LE(text.length, 0);
  header.writeUInt32LE(descriptors, 4);
  return Buffer.concat([header, Buffer.from(text)]);
}

const texts = (frames: readonly Uint8Array[] | undefined) => frames?.map((one) => Buffer.from(one).toString());

describe('FrameReader', () => {
  it('push() puts frames together, however they were cut', () => {
    const all = Buffer.concat([frame('one'), frame(''), frame('three')]);
    expect(texts(new FrameReader().push(all))).toEqual(['one', '', 'three']);
    const reader = new FrameReader();
    const found = [...all].flatMap((byte) => texts(reader.push(Uint8Array.of(byte))) ?? []);
    expect(found).toEqual(['one', '', 'three']);
  });

  it('push() refuses descriptors, and a frame that is larger than any', () => {
    expect(new FrameReader().push(frame('x', 1))).toBeUndefined();
    expect(new FrameReader().push(Buffer.from('ffffffff00000000', 'hex'))).toBeUndefined();
  });
});
