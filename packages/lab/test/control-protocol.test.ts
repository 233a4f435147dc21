import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type ControlMessage, createControlParser } from '../src/control-protocol.js';

const CONVERSATION = Buffer.from('ready\nexit 7\nresult 0 5\nend\n\0missing 1\nresult 2 0\nend\n');
const MESSAGES: ControlMessage[] = [
  { kind: 'ready' },
  { kind: 'exit', code: 7 },
  { kind: 'result', index: 0, bytes: new Uint8Array([101, 110, 100, 10, 0]) },
  { kind: 'missing', index: 1 },
  { kind: 'result', index: 2, bytes: new Uint8Array() },
  { kind: 'end' },
];

describe('createControlParser()', () => {
  it('reads a conversation, wherever it is cut', () => {
    fc.assert(
      fc.property(fc.array(fc.nat(CONVERSATION.length), { maxLength: 12 }), (places) => {
        const parser = createControlParser();
        const cuts = [0, ...places.sort((a, b) => a - b), CONVERSATION.length];
        const messages = cuts.slice(1).flatMap((end, index) => parser.push(CONVERSATION.subarray(cuts[index], end)));
        expect(messages).toEqual(MESSAGES);
      }),
    );
  });

  it('reads it byte by byte', () => {
    const parser = createControlParser();
    expect([...CONVERSATION].flatMap((byte) => parser.push(new Uint8Array([byte])))).toEqual(MESSAGES);
  });

  it.each([
    ['an unknown word', 'hello\n'],
    ['an empty line', '\n'],
    ['a ready with a number', 'ready 1\n'],
    ['an exit without a code', 'exit\n'],
    ['an exit code that no process has', 'exit 256\n'],
    ['a negative number', 'exit -1\n'],
    ['a number in hex', 'exit 0x1\n'],
    ['a number with too many digits', 'exit 0000000001\n'],
    ['two blanks', 'exit  1\n'],
    ['a result without a size', 'result 0\n'],
    ['a result that is too large', 'result 0 101\n'],
    ['results that are too large together', `result 0 60\n${'x'.repeat(60)}result 1 41\n`],
    ['a line that is too long', 'x'.repeat(129)],
    ['a carriage return', 'ready\r\n'],
  ])('refuses %s', (_, text) => {
    expect(() => createControlParser(100).push(Buffer.from(text))).toThrow(
      expect.objectContaining({ code: 'EBPM_LAB_PROTOCOL' }),
    );
  });

  it('refuses a line that grows too long piece by piece', () => {
    const parser = createControlParser();
    expect(() => {
      for (let n = 0; n < 129; n++) parser.push(Buffer.from('x'));
    }).toThrow(expect.objectContaining({ code: 'EBPM_LAB_PROTOCOL' }));
  });

  it('gives a message or refuses, whatever comes', () => {
    fc.assert(
      fc.property(fc.array(fc.uint8Array({ maxLength: 40 })), (pieces) => {
        const parser = createControlParser(100);
        try {
          for (const piece of pieces) parser.push(piece);
        } catch (error) {
          expect(error).toMatchObject({ code: 'EBPM_LAB_PROTOCOL' });
        }
      }),
    );
  });
});
