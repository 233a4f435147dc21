import { Writable } from 'node:stream';
import { describe, expect, it } from 'vitest';
import { WAITING_OUTPUT_MAX_BYTES } from '../src/limits.js';
import { PacedOutput, taken } from '../src/paced-output.js';

/** A reader that takes a chunk at each call of `take`. */
function slowReader() {
  const texts: string[] = [];
  const waiting: (() => void)[] = [];
  const stream = new Writable({
    write: (chunk: Buffer, _encoding, done) => {
      waiting.push(() => {
        texts.push(chunk.toString());
        done();
      });
    },
  });
  const output = Object.assign(stream, { connecting: false });
  const take = async () => {
    for (let next = waiting.shift(); next !== undefined; next = waiting.shift()) {
      next();
      await new Promise((resolve) => setImmediate(resolve));
    }
  };
  return { output, texts, take };
}

describe('PacedOutput', () => {
  it('PacedOutput keeps bytes that are reused before they are taken', async () => {
    const { output, texts, take } = slowReader();
    const paced = new PacedOutput(output);
    const bytes = Buffer.from('one');
    paced.write(bytes);
    paced.write(bytes.fill('2'));
    bytes.fill('3');
    await take();
    expect(texts).toEqual(['one', '222']);
  });

  it('PacedOutput has the producer wait while too much was not taken', async () => {
    const { output, take } = slowReader();
    const paced = new PacedOutput(output);
    const said: string[] = [];
    paced.pace({ pause: () => said.push('pause'), resume: () => said.push('resume') });
    paced.write('x'.repeat(WAITING_OUTPUT_MAX_BYTES));
    await paced.room();
    expect(said).toEqual([]);
    paced.write('x');
    paced.write('x');
    const room = paced.room().then(() => said.push('room'));
    expect(said).toEqual(['pause']);
    await take();
    await room;
    expect(said).toEqual(['pause', 'resume', 'room']);
  });

  it('taken() resolves when all was taken, at once where nothing waits', async () => {
    const { output, texts, take } = slowReader();
    await taken(output);
    output.write('late');
    const all = taken(output);
    await take();
    await all;
    expect(texts.join('')).toBe('late');
  });

  it('taken() resolves when the reader has gone', async () => {
    const output = new Writable({
      write: (_chunk, _encoding, done) => void setImmediate(() => done(new Error('EPIPE'))),
    });
    output.on('error', () => {});
    output.write('never');
    await taken(output);
    expect(output.destroyed).toBe(true);
  });
});
