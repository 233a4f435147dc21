import { cliRunLedgerKind, validate } from '@ebpm/schemas';
import { expect, it } from 'vitest';
import { buildGuest } from '../build-guest.js';
import type { Kernel } from '../kernels.js';
import type { SeenGuest } from '../run-guests.js';
import type { GuestSuite } from './guest-suite.js';

const EPERM = -1;
const ENOENT = -2;
const E2BIG = -7;
const EBADF = -9;
const EEXIST = -17;
const ENODEV = -19;
const EINVAL = -22;

/** What each call of guests/abi.c must give, in the order of the calls, by the function that is called. */
const EXPECTED: Readonly<Record<string, readonly (readonly [string, number])[]>> = {
  wasm_load_bpf_object: [
    ['load garbage', 0],
    ['load nothing', 0],
    ['load half of an object', 0],
    ['load what the verifier refuses', 0],
    ['load an object', 1],
    ['load it again', 2],
  ],
  wasm_close_bpf_object: [
    ['close an object', 0],
    ['close it twice', -1],
    ['close an object that never was', -1],
    ['find a map of a closed object', -1],
    ['attach a program of a closed object', -1],
    ['close what is attached', 0],
    ['close the other', 0],
    ['poll a closed object', -1],
    ['change a map of a closed object', EBADF],
  ],
  wasm_attach_bpf_program: [
    ['attach an unknown program', EPERM],
    ['attach a program of no object', -1],
    ['attach', 0],
    ['attach with an empty target', 0],
    ['attach with a target that its type does not look at', 0],
    ['attach sockops without a target', EPERM],
    ['attach sockops to a folder that is none', ENOENT],
    ['attach sockops to a folder that is no cgroup', EPERM],
    ['attach sockops to a cgroup', 0],
    ['attach xdp without a target', EPERM],
    ['attach xdp to an interface that is none', ENODEV],
    ['attach xdp to an interface', 0],
    ['attach xdp where another is', -16],
    ...(['tc', 'socket'] as const).flatMap((section) => [
      [`attach ${section} without a target`, EPERM] as const,
      [`attach ${section} to an interface that is none`, ENODEV] as const,
      [`attach ${section} to an interface`, 0] as const,
    ]),
    ['attach cgroup_skb without a target', EPERM],
    ['attach cgroup_skb to a folder that is none', ENOENT],
    ['attach cgroup_skb to a folder that is no cgroup', EPERM],
    ['attach cgroup_skb to a cgroup', 0],
  ],
  wasm_attach_bpf_program_fd: [
    ['attach what looks at no descriptor by one that is none', 0],
    ['attach xdp by a descriptor that is no folder', EPERM],
    ['attach sockops by a descriptor that is no folder', EBADF],
    ['attach sockops by a stream', EBADF],
    ['attach cgroup_skb by the descriptor of a cgroup', 0],
    ['attach by the descriptor -1', 0],
    ['attach sockops by a folder that is no cgroup', EPERM],
    ['attach xdp by a folder', EPERM],
    ['attach sockops by the descriptor -1', EPERM],
    ['open a cgroup that it was given', 1],
    ['attach by a folder that it has opened itself', EBADF],
    ['open a file in it', 1],
    ['attach by a file', EBADF],
    ['attach sockops by the descriptor of a cgroup', 0],
    ['attach an unknown program by a descriptor', EPERM],
    ['close what is attached by a descriptor', 0],
    ['attach a program of a closed object by a descriptor', -1],
    ['give a folder another descriptor', 0],
    ['attach by the descriptor that a folder had', EBADF],
    ['attach by the descriptor that it has now', 0],
    ['attach by a folder that is closed', EBADF],
  ],
  wasm_bpf_map_fd_by_name: [
    ['find a map', 1],
    ['find an unknown map', -1],
    ['find the map of a section', 1],
    ["find the same by libbpf's name", 1],
    ['find the map of a section that it has not', -1],
    ['find a map of no object', -1],
  ],
  wasm_bpf_buffer_poll: [
    ['poll with no object', -1],
    ['poll an unknown map', ENOENT],
    ['poll a map without events', EINVAL],
    ['poll a map of another object', ENOENT],
    ['poll an empty buffer', 0],
    ['poll an empty buffer for a while', 0],
    ['it waited', 1],
    ['poll a ring buffer', 1000],
    ['samples in order', 1000],
    ['size of a sample', 16],
    ['context of a sample', 1],
    ['place of a sample', 1],
    ['poll another ring buffer of the object', 50],
    ['its samples in order', 50],
    ['poll a perf buffer for what was sent before', 100],
    ['poll a perf buffer', 100],
    // The kernel fills samples of perf buffers up, so that each record ends at a multiple of 8.
    ['size of its samples', 20],
    ['poll with little room', 3],
    ['large samples in order', 3],
    ['size of a sample that was cut', 100],
    ['what is behind it is left alone', 1],
    ['poll with a callback that refuses', -7],
    ['poll for what it left', 3],
    ['all of them in order', 5],
    ['poll one of two objects', 20],
    ['poll the other', 20],
  ],
  wasm_bpf_map_operate: [
    ['look up what is not there', ENOENT],
    ['look up with flags that make no sense', EINVAL],
    ['change only what is there', ENOENT],
    ['put', 0],
    ['put only what is not there', EEXIST],
    ['look up', 0],
    ['value', 0x100000002],
    ['put into a full map', E2BIG],
    ['keys', 3],
    ['sum of the keys', 6],
    ['the key behind the last', ENOENT],
    ['remove', 0],
    ['remove it twice', ENOENT],
    ['a command that is none', EINVAL],
    ['a negative command', EINVAL],
    ['a descriptor that is no map', EBADF],
    ['a negative descriptor', EBADF],
    ['put into an array', 0],
    ['value in an array', 5],
    ['put behind an array', E2BIG],
    ['remove from an array', EINVAL],
    ...['cpu_array', 'cpu_hash'].flatMap((map) => [
      [`${map}: put for each processor`, 0] as const,
      [`${map}: look up for each processor`, 0] as const,
      [`${map}: counted beyond what was put`, 10] as const,
      [`${map}: what is behind the last processor is left alone`, 1] as const,
    ]),
    ['put a map of its own into a map', 0],
    ['put a map that is not its own', EBADF],
    ['put a program', EPERM],
    ['put into a perf buffer', EPERM],
  ],
  'ebpm.emit': [
    ['emit', 0],
    ['emit an unknown struct', ENOENT],
    ['emit another size', EINVAL],
    ['emit for no object', EBADF],
    ['emit what is too large', E2BIG],
  ],
};

type AbiRun = 'abi' | 'flood' | 'gathers' | 'maxEvents' | 'duration';

/** Every function of the ABI, for its success and for its errors. */
export const ABI: GuestSuite<AbiRun> = {
  name: 'abi',
  where: 'everywhere',
  runs: (folder) => {
    const abi = buildGuest('abi', { folder, objects: ['abi', 'targets', 'refused'] });
    const go = buildGuest('go', { folder, objects: ['abi'] });
    const payload = '--allow=sees-packet-payload,outlives-exit';
    return {
      abi: { words: [`${payload},wasi:dir=CGROUP,wasi:dir=/`, '--json', abi, 'CGROUP', 'lo', 'CPUS'] },
      flood: { words: [payload, '--json', '--strict', abi, 'flood'] },
      gathers: { words: [payload, '--json', '--max-events', '2', abi, 'gathers'] },
      maxEvents: { words: ['--max-events', '5', go] },
      duration: { words: ['--duration', '1s', go] },
    };
  },
  check,
};

function check(kernel: Kernel, seen: (run: AbiRun) => SeenGuest): void {
  const given = () => new Map(linesOf(seen('abi')).map(resultOf));

  it.each(Object.entries(EXPECTED))('%s gives what it must, for its success and for its errors', (_, expected) => {
    const names = new Set(expected.map(([name]) => name));
    expect([...given()].filter(([name]) => names.has(name)).sort()).toEqual([...expected].sort());
  });

  it('what a guest returns from main is the exit code of ebpm run', () => {
    expect(seen('abi')).toMatchObject({ code: 7, signal: null });
  });

  it('stderr says why an object was not loaded, and a program not attached', () => {
    const { stderr } = seen('abi');
    expect(stderr).toContain('Cannot read ELF file: it ends inside the file header');
    expect(stderr).toContain('Cannot load program "unchecked" of "guest": R0 invalid mem access');
    expect(stderr).toContain('Cannot attach "no_such_program": "guest" has no such program\n');
    expect(stderr).toContain('"/no/such/folder" does not exist\n');
    expect(stderr).toContain('interface "no-such-if" does not exist\n');
  });

  it('ebpm.emit prints a record as the events of other packages are printed', () => {
    expect(linesOf(seen('abi')).filter((line) => line.startsWith('{"kind"'))).toEqual([
      '{"kind":1,"number":3,"square":9}',
    ]);
  });

  it('--json ends with a ledger of what the guest was given of each buffer', () => {
    const { streams, ended, received, shown } = ledgerOf(seen('abi'));
    expect(streams.map(({ name, kind, received }) => [name, kind, received])).toEqual([
      ['events', 'ring buffer', 20],
      ['events', 'ring buffer', 1028],
      ['more', 'ring buffer', 50],
      ['samples', 'perf buffer', 200],
    ]);
    expect({ ended, received, shown }).toEqual({ ended: 'done', received: 1298, shown: 1 });
  });

  it('--strict ends with 1 where a guest lost events, or nobody can tell', () => {
    expect(seen('flood').code).toBe(1);
    expect(seen('flood').stderr).toContain('code: EBPM_EVENTS_LOST');
  });

  it.runIf(kernel.version !== undefined)('--strict counts what a small full buffer has refused', () => {
    const { streams, complete, why } = ledgerOf(seen('flood'));
    const results = new Map(linesOf(seen('flood')).map(resultOf));
    const kept = results.get('samples that a full buffer has kept') ?? 0;
    expect(kept).toBeGreaterThan(0);
    expect(kept).toBeLessThan(500);
    expect(streams).toMatchObject([{ name: 'tiny', received: kept, lost: 500 - kept }]);
    expect({ complete, why }).toEqual({
      complete: false,
      why: [`${500 - kept} events did not fit into ring buffer "tiny"`],
    });
  });

  it('--max-events counts the records that a guest emits, and not the samples that they are made of', () => {
    const records = linesOf(seen('gathers')).filter((line) => line.startsWith('{"kind"'));
    expect(records).toEqual([10, 20].map((number) => `{"kind":1,"number":${number},"square":0}`));
    const { shown, received, ended, streams } = ledgerOf(seen('gathers'));
    expect({ shown, ended, streams }).toMatchObject({ shown: 2, ended: 'events', streams: [{ shown: null }] });
    expect(received).toBeGreaterThanOrEqual(20);
    expect(seen('gathers')).toMatchObject({ code: 0, signal: null });
  });

  it('the wrapper of Go gives every sample to the export go-callback, and --max-events ends it after so many', () => {
    expect(samplesOf(seen('maxEvents'))).toEqual([0, 1, 2, 3, 4].map((number) => `sample ${number} 1 16`));
    expect(seen('maxEvents')).toMatchObject({ code: 0, signal: null });
    expect(seen('maxEvents').stderr).toContain('\n5 events, ');
  });

  it('--duration ends a guest that waits for ever', () => {
    expect(samplesOf(seen('duration'))).toHaveLength(20);
    expect(seen('duration')).toMatchObject({ code: 0, signal: null });
  });

  it.each(['abi', 'flood', 'gathers', 'maxEvents', 'duration'] as const)(
    '%s leaves nothing in the kernel, and no process',
    (name) => {
      expect(seen(name)).toMatchObject({ left: [], guestsLeft: [] });
    },
  );
}

function linesOf({ stdout }: SeenGuest): readonly string[] {
  return stdout.trimEnd().split('\n');
}

function resultOf(line: string): readonly [string, number] {
  const space = line.lastIndexOf(' ');
  return [line.slice(0, space), Number(line.slice(space + 1))];
}

function samplesOf(seen: SeenGuest): readonly string[] {
  return linesOf(seen).filter((line) => line.startsWith('sample '));
}

function ledgerOf(seen: SeenGuest) {
  const line = linesOf(seen).at(-1) ?? '';
  const checked = validate(cliRunLedgerKind, JSON.parse(line));
  if (!checked.ok) throw new Error(`the ledger does not fit its schema: ${line}`);
  return checked.value;
}
