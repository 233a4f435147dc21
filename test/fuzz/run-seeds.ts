import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type RecordType, recordType, type Symbolizer } from '@ebpm/events';
import { readBtf } from '@ebpm/object';
import { LogFile } from '../../packages/cli/src/background/log-file.js';
import { Recorder } from '../../packages/runner/src/record/recorder.js';
import { btfSeeds } from './seeds.js';

const C_SOURCE = `
int shared(int x) { return x * 3; }
static __attribute__((noinline)) int hidden(int x) { return shared(x) + 1; }
int main(int argc, char **argv) { (void)argv; return hidden(argc); }
`;

/** Executables and libraries, stripped ones too, as the system's compiler makes them. */
export function executableSeeds(): readonly Uint8Array[] {
  return inFolder((folder) => {
    const source = join(folder, 'source.c');
    writeFileSync(source, C_SOURCE);
    return [['-pie'], ['-no-pie'], ['-shared', '-fPIC'], ['-shared', '-fPIC', '-s']].map((flags) => {
      execFileSync('cc', ['-O1', ...flags, '-o', join(folder, 'made'), source]);
      return new Uint8Array(readFileSync(join(folder, 'made')));
    });
  });
}

export function kallsymsSeeds(): readonly Uint8Array[] {
  return [
    texts(
      'ffffffff81000000 T _stext',
      'ffffffff81000060 t do_one_initcall',
      'ffffffff81001000 D data',
      'ffffffff81001139 W weak_one',
      'ffffffffc0401000 t veth_open\t[veth]',
      'ffffffffc0500000 t bpf_prog_6deef7357e7b4530_on_kill\t[bpf]',
      '0000000000000000 A fixed_percpu_data',
    ),
  ];
}

export function perfMapSeeds(): readonly Uint8Array[] {
  return [
    texts('1000 40 LazyCompile:~main /tmp/x.js:1:1', '0x1139 0x20 Function:inner', '401000 1000 a name with spaces'),
  ];
}

export function processMapsSeeds(): readonly Uint8Array[] {
  return [
    texts(
      '00400000-00401000 r--p 00000000 fe:00 1234                               /usr/bin/busy',
      '00401000-00480000 r-xp 00001000 fe:00 1234                               /usr/bin/busy',
      '7f0000000000-7f0000021000 rwxp 00000000 00:00 0 ',
      '7ffd5a7e6000-7ffd5a7e8000 r-xp 00000000 00:00 0                          [vdso]',
      'ffffffffff600000-ffffffffff601000 --xp 00000000 00:00 0                  [vsyscall]',
    ),
  ];
}

export function traceSeeds(): readonly Uint8Array[] {
  return [
    texts(
      '            busy-7347    [000] ...21  2549.441951: bpf_trace_printk: kill(7347, 0)',
      '   a-7 [001] x-12      [001] d..31  2549.441952: bpf_trace_printk: two',
      'lines',
      'CPU:1 [LOST 42 EVENTS]',
      '            busy-7347    [001] .....  2549.5: bpf_trace_printk: ',
    ),
  ];
}

/** Recordings of every struct of the fixtures that can be an event, some bytes each, with and without an end. */
export function recordingSeeds(): readonly Uint8Array[] {
  const types = btfSeeds().flatMap((bytes) => {
    const btf = readBtf(bytes);
    const structs = Array.from({ length: btf.count }, (_, id) => id).filter((id) => btf.type(id).kind === 'struct');
    return structs.flatMap((id): readonly RecordType[] => {
      try {
        return [recordType(btf, id)];
      } catch {
        // One that cannot be printed is no event.
        return [];
      }
    });
  });
  const many = types.filter(({ sizeBytes }) => sizeBytes > 0 && sizeBytes < 1024).slice(0, 8);
  return [
    ...many.map((type) => recordingOf([type], true)),
    recordingOf(many.slice(0, 3), false),
    ...many.slice(0, 3).map((type, index) => sampledRecordingOf(entryOf(type), LOOKS[index])),
    ...stackSeeds(),
  ];
}

const LOOKS = [
  { type: 'default_kv' },
  { type: 'log2_hist', unit: 'usecs' },
  { type: 'linear_hist', base: -5, step: 10 },
] as const;

/** An entry of a map of that struct to an array of counters. */
function entryOf(key: RecordType): RecordType {
  const element = { kind: 'int', sizeBytes: 4, signed: false } as const;
  const slots = { kind: 'array', sizeBytes: 64, length: 16, element } as const;
  const field = { name: 'slots', offsetBytes: 0, typeName: 'u32[16]', type: slots };
  const { sizeBytes } = key;
  return {
    name: 'hists',
    sizeBytes: sizeBytes + 64,
    fields: [
      { name: 'key', offsetBytes: 0, typeName: 'key', type: { kind: 'struct', sizeBytes, fields: key.fields } },
      {
        name: 'value',
        offsetBytes: sizeBytes,
        typeName: 'value',
        type: { kind: 'struct', sizeBytes: 64, fields: [field] },
      },
    ],
  };
}

function recordingOf(types: readonly RecordType[], isWhole: boolean): Uint8Array {
  return recorded((recorder) => {
    const streams = types.map((type, index) => recorder.stream(`map${index}`, type));
    for (const [index, { sizeBytes }] of types.entries()) streams[index]?.(batchOf(sizeBytes));
    if (isWhole) recorder.end({ ebpm: 'ledger', complete: true });
  });
}

function sampledRecordingOf(type: RecordType, look: (typeof LOOKS)[number] = LOOKS[0]): Uint8Array {
  return recorded((recorder) => {
    const record = recorder.sampledStream('hists', type, look);
    for (const reading of [batchOf(type.sizeBytes), new Uint8Array(0)]) record(reading);
    recorder.end({ ebpm: 'ledger', complete: true });
  });
}

function recorded(action: (recorder: Recorder) => void): Uint8Array {
  const parts: Uint8Array[] = [];
  action(
    new Recorder({
      header: {
        package: 'tool',
        kernel: '6.12.0',
        machine: 'x64',
        realtimeNs: '1700000000000000000',
        monotonicNs: '5',
      },
      write: (given) => void parts.push(...given.map((part) => Uint8Array.from(part))),
      nowNs: () => 1_700_000_000_000_000_000n,
    }),
  );
  return new Uint8Array(Buffer.concat(parts));
}

/** Two events that carry stacks, and two entries of a map that refer to some. */
function stackSeeds(): readonly Uint8Array[] {
  const u32 = { kind: 'int', sizeBytes: 4, signed: false } as const;
  const frames = { kind: 'array', sizeBytes: 24, length: 3, element: { ...u32, sizeBytes: 8 } } as const;
  const number = (name: string, offsetBytes: number) => ({ name, offsetBytes, typeName: 'u32', type: u32 });
  const names = { pid: 'pid', cpu_id: 'pid', kstack_sz: 'size', ustack_sz: 'size' };
  const fields = { ...names, comm: 'comm', kstack: 'frames', ustack: 'frames' };
  const event: RecordType = {
    name: 'event',
    sizeBytes: 48,
    fields: [
      number('pid', 0),
      number('size', 4),
      { name: 'comm', offsetBytes: 8, typeName: 'char[16]', type: { kind: 'string', sizeBytes: 16 } },
      { name: 'frames', offsetBytes: 24, typeName: 'u64[3]', type: frames },
    ],
  };
  const key = { kind: 'struct', sizeBytes: 8, fields: [number('pid', 0), number('ustack_id', 4)] } as const;
  const entry: RecordType = {
    name: 'counts',
    sizeBytes: 12,
    fields: [{ name: 'key', offsetBytes: 0, typeName: 'key', type: key }, number('value', 8)],
  };
  const named = (address: bigint) => ({ address, symbol: 'main', offsetBytes: 1, module: '/bin/a' });
  const symbolizer: Symbolizer = {
    kernel: (addresses) => addresses.map(named),
    user: (_, addresses) => addresses.map(named),
  };
  const stackOf = () => Uint8Array.of(1, 2, 3, 4, 5, 6, 7, 8);
  return [
    recorded((recorder) =>
      recorder.stream('events', event, { look: { kind: 'embedded', fields }, symbolizer })(batchOf(event.sizeBytes)),
    ),
    recorded((recorder) => {
      const stacks = { look: { kind: 'mapped', clear: false }, symbolizer, stackOf } as const;
      recorder.sampledStream('counts', entry, LOOKS[0], stacks)(batchOf(entry.sizeBytes));
    }),
  ];
}

/** Two records of a size, framed as the loader hands them over. */
function batchOf(sizeBytes: number): Uint8Array {
  const record = Uint8Array.from({ length: 8 + Math.ceil(sizeBytes / 8) * 8 }, (_, index) => 0x41 + (index % 61));
  new DataView(record.buffer).setBigUint64(0, BigInt(sizeBytes), true);
  return new Uint8Array(Buffer.concat([record, record]));
}

/** The file that is written first, and one of a later turn. */
export function logSeeds(): readonly Uint8Array[] {
  logFiles ??= inFolder((folder) => {
    const paths: [string, string] = [join(folder, '0'), join(folder, '1')];
    const log = new LogFile(paths, 120);
    for (const word of ['one\n', 'two\n', '', 'three\n', 'four\n', 'five\n']) log.output('stdout').write(word);
    log.output('stderr').write('six\n');
    log.close();
    return paths.map((path) => new Uint8Array(readFileSync(path)));
  });
  return logFiles;
}

let logFiles: readonly Uint8Array[] | undefined;

function texts(...lines: readonly string[]): Uint8Array {
  return new TextEncoder().encode(`${lines.join('\n')}\n`);
}

function inFolder<T>(action: (folder: string) => T): T {
  const folder = mkdtempSync(join(tmpdir(), 'ebpm-fuzz-'));
  try {
    return action(folder);
  } finally {
    rmSync(folder, { recursive: true });
  }
}
