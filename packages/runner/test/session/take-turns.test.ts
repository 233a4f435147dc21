import { describe, expect, it } from 'vitest';
import { takeTurns } from '../../src/session/take-turns.js';

const bytes = (text: string) => new TextEncoder().encode(text);

function collector() {
  const chunks: string[] = [];
  const write = (chunk: Uint8Array | string) =>
    void chunks.push(typeof chunk === 'string' ? chunk : Buffer.from(chunk).toString());
  return { write, text: () => chunks.join('') };
}

describe('takeTurns()', () => {
  it('takeTurns() writes the header of a stream again whenever another one wrote last', () => {
    const { write, text } = collector();
    const writeOf = takeTurns('table', write);
    const [starts, ends] = [writeOf('starts'), writeOf('ends')];
    starts('PID COMM\n');
    ends('PID CODE\n');
    ends(bytes('1 0\n'));
    ends(bytes('2 0\n'));
    starts(bytes('3 bash\n'));
    ends(bytes('3 1\n'));
    expect(text()).toBe('PID CODE\n1 0\n2 0\nPID COMM\n3 bash\nPID CODE\n3 1\n');
  });

  it('takeTurns() names the map of each line of JSON, beside a field of that name too', () => {
    const { write, text } = collector();
    const writeOf = takeTurns('json', write);
    writeOf('starts')(bytes('{"pid":1,"comm":"{\\n{"}\n{"pid":2,"comm":""}\n'));
    writeOf('ends')(bytes('{"map":7}\n'));
    const lines = text()
      .trimEnd()
      .split('\n')
      .map((line) => JSON.parse(line));
    expect(lines).toEqual([
      { map: 'starts', pid: 1, comm: '{\n{' },
      { map: 'starts', pid: 2, comm: '' },
      { map_: 'ends', map: 7 },
    ]);
  });
});
