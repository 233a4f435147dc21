import {
  embeddedStacks,
  mappedStacks,
  type RecordType,
  STACK_FIELD_NAMES,
  type StackOf,
  type Symbolizer,
  stackPrinter,
} from '@ebpm/events';
import { EbpmError } from '@ebpm/formats';
import { describe, expect, it } from 'vitest';
import { RecordedSymbols } from '../../src/record/recorded-symbols.js';
import { Recorder } from '../../src/record/recorder.js';
import { replay } from '../../src/record/replay.js';
import { type RecordedStacks, StackRecorder } from '../../src/record/stack-recorder.js';
import type { OutputKind } from '../../src/session/stream.js';
import { batch, chunks, HEADER, LEDGER } from './recordings.js';

const int = { kind: 'int', sizeBytes: 4, signed: true } as const;
const u64 = { kind: 'int', sizeBytes: 8, signed: false } as const;
const addresses = { kind: 'array', sizeBytes: 16, length: 2, element: u64 } as const;
/** Events that carry their stacks. */
const EVENTS: RecordType = {
  name: 'stack_event',
  sizeBytes: 64,
  fields: [
    { name: 'pid', offsetBytes: 0, typeName: 'int', type: int },
    { name: 'cpu_id', offsetBytes: 4, typeName: 'int', type: int },
    { name: 'kstack_sz', offsetBytes: 8, typeName: 'int', type: int },
    { name: 'ustack_sz', offsetBytes: 12, typeName: 'int', type: int },
    { name: 'comm', offsetBytes: 16, typeName: 'char[16]', type: { kind: 'string', sizeBytes: 16 } },
    { name: 'kstack', offsetBytes: 32, typeName: 'u64[2]', type: addresses },
    { name: 'ustack', offsetBytes: 48, typeName: 'u64[2]', type: addresses },
  ],
};
/** Entries of a map whose key has the number of a stack, and whose value counts. */
const COUNTS: RecordType = {
  name: 'counts',
  sizeBytes: 16,
  fields: [
    {
      name: 'key',
      offsetBytes: 0,
      typeName: 'key',
      type: {
        kind: 'struct',
        sizeBytes: 8,
        fields: [
          { name: 'pid', offsetBytes: 0, typeName: 'int', type: int },
          { name: 'kernel_stack_id', offsetBytes: 4, typeName: 'int', type: int },
        ],
      },
    },
    { name: 'value', offsetBytes: 8, typeName: 'u64', type: u64 },
  ],
};
const KERNEL = 0xffff_ffff_8100_0010n;
const USER = 0x55d0_0000_1234n;

function event(pid: number, user = USER): Uint8Array {
  const bytes = Buffer.alloc(64);
  for (const [at, value] of [pid, 1, 16, 8].entries()) bytes.writeInt32LE(value, at * 4);
  bytes.write('busy', 16);
  bytes.writeBigUInt64LE(KERNEL, 32);
  bytes.writeBigUInt64LE(0x11n, 40);
  bytes.writeBigUInt64LE(user, 48);
  return bytes;
}

function count(stack: number, times: number): Uint8Array {
  const bytes = Buffer.alloc(16);
  bytes.writeInt32LE(7, 0);
  bytes.writeInt32LE(stack, 4);
  bytes.writeBigUInt64LE(BigInt(times), 8);
  return bytes;
}

/** Knows one function of the kernel, and one of each process. */
function symbols(nameOf: (pid: number, address: bigint) => string | undefined = (pid) => `spin_${pid}`): Symbolizer {
  return {
    kernel: (stack) =>
      stack.map((address) => (address === KERNEL ? { address, symbol: 'do_idle', offsetBytes: 16 } : { address })),
    user: (pid, stack) =>
      stack.map((address) => ({ address, symbol: nameOf(pid, address), offsetBytes: 4, module: '/bin/busy' })),
  };
}

/** The bytes of a recording, and of each of its parts. */
function recorded(action: (recorder: Recorder) => void) {
  const parts: Buffer[] = [];
  const write = (given: readonly Uint8Array[]) => void parts.push(Buffer.concat(given));
  const recorder = new Recorder({ header: HEADER, write, nowNs: () => BigInt(HEADER.realtimeNs) });
  action(recorder);
  recorder.end(LEDGER);
  return { bytes: Buffer.concat(parts), parts };
}

function recordedEvents(symbolizer: Symbolizer, ...batches: readonly (readonly Uint8Array[])[]) {
  return recorded((recorder) => {
    const record = recorder.stream('events', EVENTS, {
      look: { kind: 'embedded', fields: STACK_FIELD_NAMES },
      symbolizer,
    });
    for (const records of batches) record(batch(records));
  });
}

async function replayed(bytes: Uint8Array, output: OutputKind, foldStacks?: boolean) {
  let text = '';
  const write = (chunk: Uint8Array | string) => {
    text += Buffer.from(chunk).toString();
  };
  const result = await replay(chunks(bytes), { source: 'x.ebpmr', output, write, foldStacks });
  return { ...result, text };
}

describe('replay()', () => {
  it.each(['table', 'json'] as const)('replay() shows the stacks of events with their names, %s', async (output) => {
    const events = [event(7), event(8, 0x99n), event(7)];
    const live = stackPrinter({ reader: embeddedStacks(EVENTS), symbolizer: symbols(), output });
    const { text } = await replayed(recordedEvents(symbols(), events).bytes, output);
    expect(text).toBe(Buffer.from(live.print({ bytes: batch(events) })).toString());
    expect(text).toContain('spin_8');
  });

  it('replay() folds stacks, and gives them for a flame graph', async () => {
    const { bytes } = recordedEvents(symbols(), [event(7), event(8)], [event(7)]);
    const folded = await replayed(bytes, 'folded');
    expect(folded.text).toBe('busy;spin_7;[unknown]_[k];do_idle_[k] 2\nbusy;spin_8;[unknown]_[k];do_idle_[k] 1\n');
    const json = await replayed(bytes, 'json', true);
    expect(json.stacks).toEqual(folded.stacks);
  });

  it('replay() shows the numbers of stacks in CSV', async () => {
    const { text } = await replayed(recordedEvents(symbols(), [event(7)]).bytes, 'csv');
    expect(text.split('\n')[1]).toContain(String(KERNEL));
  });

  it('replay() names an address as the process did at that time', async () => {
    const names = ['first', 'second', undefined];
    const { bytes } = recordedEvents(
      symbols(() => names.shift()),
      [event(7)],
      [event(7)],
      [event(7)],
    );
    const { text } = await replayed(bytes, 'table');
    expect([...text.matchAll(/000055d000001234>\] (\S+)/g)].map(([, name]) => name)).toEqual([
      'first+0x4',
      'second+0x4',
      '[unknown]',
    ]);
  });

  it('a recording has each name once', () => {
    const { bytes } = recordedEvents(symbols(), [event(7), event(7)], [event(7)], [event(8)]);
    expect(bytes.toString('latin1').match(/spin_7/g)?.length).toBe(1);
    expect(bytes.toString('latin1').match(/do_idle/g)?.length).toBe(1);
  });

  it('StackRecorder begins with its names anew when there are too many, and all of them can be shown', () => {
    const names = new RecordedSymbols();
    const written: string[] = [];
    const recorder = new StackRecorder((json) => {
      written.push(json);
      names.add(JSON.parse(json), json.length, (reason) => new EbpmError('EBPM_RECORDING_DAMAGED', reason));
    }, 200);
    const note = recorder.stream(0, EVENTS, {
      look: { kind: 'embedded', fields: STACK_FIELD_NAMES },
      symbolizer: symbols(),
    });
    for (const pid of [1, 2, 3, 1]) {
      note(batch([event(pid)]));
      expect(names.user(pid, [USER])).toMatchObject([{ symbol: `spin_${pid}` }]);
    }
    expect(written.filter((json) => json === '{"forget":true}').length).toBe(1);
    expect(written.join('').match(/spin_1/g)?.length).toBe(2);
  });

  it.each([
    ['each reading for itself', true, 5],
    ['the last reading of what is not cleared', false, 3],
  ])('replay() adds up the stacks of a sampled map, %s', async (_, clear, times) => {
    const stackOf: StackOf = (id) => (id === 1 ? Buffer.from(BigUint64Array.of(KERNEL, 0n).buffer) : undefined);
    const stacks: RecordedStacks = { look: { kind: 'mapped', clear }, symbolizer: symbols(), stackOf };
    const { bytes, parts } = recorded((recorder) => {
      const record = recorder.sampledStream('counts', COUNTS, { type: 'default_kv' }, stacks);
      record(batch([count(1, 2)]));
      record(batch([count(1, 3), count(9, 1)]));
    });
    const { text } = await replayed(bytes, 'folded');
    expect(text).toBe(` 1\n;do_idle_[k] ${times}\n`);
    expect(parts.filter((part) => part.includes('"addresses"')).length).toBe(1);
    const live = stackPrinter({
      reader: mappedStacks(COUNTS, stackOf) ?? embeddedStacks(EVENTS),
      symbolizer: symbols(),
      output: 'json',
    });
    const first = Buffer.from(live.print({ bytes: batch([count(1, 2)]) })).toString();
    expect((await replayed(bytes, 'json')).text.startsWith(first)).toBe(true);
  });

  it('replay() refuses to fold what has no stacks', async () => {
    const { bytes } = recorded((recorder) => recorder.stream('events', EVENTS)(batch([event(7)])));
    await expect(replayed(bytes, 'folded')).rejects.toMatchObject({ code: 'EBPM_STACKS_MISSING' });
  });

  it.each<[string, string, string]>([
    ['a stream whose stacks are nowhere', '"kind":"embedded"', '"kind":"enbedded"'],
    ['stacks in fields that there are not', '"ustack":"ustack"', '"ustack":"vstack"'],
    ['an address that is none', '"address":"0x5', '"address":"0xg'],
    ['a name that is a number', '"symbol":"do_idle"', '"symbol":123456789'],
    ['symbols that are no JSON', '"names":[', '"names":{'],
  ])('replay() refuses %s', async (_, text, other) => {
    const sound = recordedEvents(symbols(), [event(7)]).bytes.toString('latin1');
    expect(sound).toContain(text);
    const { damage } = await replayed(Buffer.from(sound.replace(text, other), 'latin1'), 'table');
    expect(damage).toMatchObject({ code: 'EBPM_RECORDING_DAMAGED' });
  });

  it('replay() keeps no more names than a recorder leaves there', () => {
    const damaged = (reason: string) => new EbpmError('EBPM_RECORDING_DAMAGED', reason);
    const names = new RecordedSymbols();
    const half = 40 * 1024 * 1024;
    names.add({ names: [] }, half, damaged);
    names.add({ forget: true, names: [] }, half, damaged);
    expect(() => names.add({ names: [] }, half, damaged)).toThrow('too many names');
  });
});
