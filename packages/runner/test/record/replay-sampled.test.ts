import type { PrinterKind, PrinterOptions } from '@ebpm/events';
import { describe, expect, it } from 'vitest';
import { replay } from '../../src/record/replay.js';
import type { SampleLook } from '../../src/session/sampled-map.js';
import { chunks, LEDGER, sampledRecording } from './recordings.js';

async function replayed(bytes: Uint8Array, output: PrinterKind, printing?: PrinterOptions) {
  let text = '';
  const result = await replay(chunks(bytes), {
    source: 'x.ebpmr',
    output,
    printing,
    write: (chunk) => {
      text += Buffer.from(chunk).toString();
    },
  });
  return { ...result, text };
}

describe('replay()', () => {
  it.each<[string, SampleLook, readonly string[]]>([
    ['log2_hist', { type: 'log2_hist', unit: 'usecs' }, ['0 -> 1 : 0', '2 -> 3 : 4', '4 -> 7 : 8']],
    ['linear_hist', { type: 'linear_hist', base: -20, step: 10 }, ['-10 : 4', '0 : 8']],
  ])('replay() draws the histograms of a sampled map, %s', async (_, look, rows) => {
    const { text, streams, ledger } = await replayed(sampledRecording(look, [[4]]), 'table');
    const [head, empty, title, ...lines] = text.split('\n');
    expect([head, empty]).toEqual(['key =  4', '']);
    expect(title?.trim().replace(/ +/g, ' ')).toBe(`${look.unit ?? '(unit)'} : count distribution`);
    expect(lines.slice(0, -2).map((line) => line.split('|')[0]?.trim().replace(/ +/g, ' '))).toEqual(rows);
    expect({ streams, ledger }).toEqual({
      streams: [{ name: 'hists', received: 1, shown: 1, malformed: 0, broken: 0 }],
      ledger: LEDGER,
    });
  });

  it('replay() takes each reading of a sampled map for a block of its own', async () => {
    const sort = { field: 'key.number', descending: true };
    const bytes = sampledRecording({}, [[1, 3, 2], [], [5, 7]]);
    const { text, streams } = await replayed(bytes, 'json', { sort, top: 2, columns: ['key.number'] });
    expect(text).toBe([3, 2, 7, 5].map((key) => `{"key.number":${key}}\n`).join(''));
    expect(streams).toMatchObject([{ received: 5, shown: 4 }]);
  });

  it('replay() shows the entries of a sampled map in columns', async () => {
    const { text } = await replayed(sampledRecording({ type: 'default_kv' }, [[6]]), 'csv');
    expect(text).toBe('key.number,value.slots\n6,"[0,6,12]"\n');
  });

  it.each<[string, string, string]>([
    ['another shape', '"log2_hist"', '"loch_hist"'],
    ['a base that is no integer', '"base":1', '"base":.5'],
    ['entries that have no key', '"name":"key"', '"name":"kay"'],
  ])('replay() refuses a sampled map with %s', async (_, text, other) => {
    const sound = sampledRecording({ type: 'log2_hist', base: 1 }, [[1]]);
    const { damage } = await replayed(
      Buffer.from(Buffer.from(sound).toString('latin1').replace(text, other), 'latin1'),
      'table',
    );
    expect(damage).toMatchObject({ code: 'EBPM_RECORDING_DAMAGED' });
  });
});
