import { FRAME_HEADER_BYTES, PREAMBLE_BYTES } from '../../../packages/runner/src/record/recording-format.js';
import type { Random } from '../random.js';
import { concat, type Mutate, mutateBytes, putNasty } from './bytes.js';
import { mutateJson } from './json.js';

/** Changes one or two frames of a recording, or their order, and now and then its bytes. */
export const mutateRecording: Mutate = (bytes, random) => {
  if (random.oneIn(8)) return mutateBytes(bytes, random);
  const frames = framesOf(bytes);
  for (let change = random.below(2); change >= 0; change--) {
    const at = random.below(frames.length);
    const frame = frames[at];
    if (frame !== undefined) frames.splice(at, 1, ...random.pick(CHANGES)(frame, random));
  }
  return concat(...frames.flatMap(({ head, body }) => [head, body]));
};

/** What stands before a JSON text or a batch, its length in the last word of the first eight or twelve bytes, and that. */
interface Frame {
  readonly head: Uint8Array;
  readonly body: Uint8Array;
  /** Where in `head` the length stands. */
  readonly lengthAt: number;
  readonly isJson: boolean;
}

const CHANGES: readonly ((frame: Frame, random: Random) => readonly Frame[])[] = [
  changeBody,
  changeBody,
  changeBody,
  (frame) => [frame, frame],
  () => [],
  (frame, random) => {
    const head = frame.head.slice();
    putNasty(head, random.below(head.length) & ~3, random);
    return [{ ...frame, head }];
  },
];

/** Another text or other records; the frame says how long they are, and so it is read. */
function changeBody(frame: Frame, random: Random): readonly Frame[] {
  const body = (frame.isJson ? mutateJson : mutateBytes)(frame.body, random);
  const head = frame.head.slice();
  new DataView(head.buffer).setUint32(frame.lengthAt, body.length, true);
  // What was changed once may be JSON no more.
  return [{ ...frame, head, body, isJson: false }];
}

const BRACE = 0x7b;

/** The preamble with its header, then the frames; of a sound recording. */
function framesOf(bytes: Uint8Array): Frame[] {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const frames: Frame[] = [];
  let at = 0;
  while (at < bytes.length) {
    const headBytes = at === 0 ? PREAMBLE_BYTES : FRAME_HEADER_BYTES;
    const lengthAt = at === 0 ? PREAMBLE_BYTES - 4 : 4;
    const end = at + headBytes + view.getUint32(at + lengthAt, true);
    const body = bytes.slice(at + headBytes, end);
    frames.push({ head: bytes.slice(at, at + headBytes), body, lengthAt, isJson: body[0] === BRACE });
    at = end;
  }
  return frames;
}
