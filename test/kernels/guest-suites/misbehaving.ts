import { expect, it } from 'vitest';
import { buildGuest } from '../build-guest.js';
import type { Kernel } from '../kernels.js';
import type { GuestRun, SeenGuest } from '../run-guests.js';
import { WITHOUT_RIGHTS } from '../without-rights.js';
import type { GuestSuite } from './guest-suite.js';

/** How a run must end: with an error and what it says, or with the guest's own exit code. */
interface Ending {
  readonly code: number | null;
  readonly error?: string;
  readonly says?: string;
  /** Of its ledger: how many events it was given. */
  readonly received?: number;
  readonly flags?: readonly string[];
}

/** What guests/misbehaving.c does by these names, with a program attached and events to come. What no kernel has a part in is tested in test/e2e. */
const GUESTS: Readonly<Record<string, Ending>> = {
  'callback-traps': { code: 1, error: 'EBPM_WASM_TRAP', says: 'ran into a trap: unreachable' },
  'callback-waits': { code: 1, error: 'EBPM_WASM_LIMIT', says: 'it was killed', flags: ['--duration', '500ms'] },
  'callback-exits': { code: 42, received: 1, flags: ['--json'] },
  'closes-inside': { code: 23, received: 1, flags: ['--json'] },
  'callback-polls': { code: 1, error: 'EBPM_WASM_FAULT', says: 'polled a buffer inside a callback' },
  'callback-of-i64': { code: 1, error: 'EBPM_WASM_FAULT', says: 'whose arguments are not i32' },
  'callback-without-result': { code: 1, error: 'EBPM_WASM_FAULT', says: 'returns no i32' },
  'callback-of-two': { code: 1, error: 'EBPM_WASM_FAULT', says: 'takes 2 arguments and not 3' },
  'callback-of-the-host': { code: 1, error: 'EBPM_WASM_FAULT', says: 'takes 1 arguments and not 3' },
  'callback-null': { code: 1, error: 'EBPM_WASM_FAULT', says: 'gave callback 0, which is no function' },
  'callback-behind-the-table': { code: 1, error: 'EBPM_WASM_FAULT', says: 'gave callback 100000, and its table has' },
  'callback-negative': { code: 1, error: 'EBPM_WASM_FAULT', says: 'gave callback 4294967295, and its table has' },
  'sample-behind-memory': { code: 1, error: 'EBPM_WASM_FAULT', says: 'The guest named 256 bytes at' },
  'sample-negative': { code: 1, error: 'EBPM_WASM_FAULT', says: 'The guest named 4294967295 bytes at' },
  'key-behind-memory': { code: 1, error: 'EBPM_WASM_FAULT', says: 'The guest named 4 bytes at' },
  'value-behind-memory': { code: 1, error: 'EBPM_WASM_FAULT', says: 'The guest named 8 bytes at' },
  'record-behind-memory': { code: 1, error: 'EBPM_WASM_FAULT', says: 'The guest named 16 bytes at' },
  'foreign-descriptors': { code: 20 },
  'uses-closed': { code: 22 },
  'attaches-for-ever': { code: 1, error: 'EBPM_WASM_FAULT', says: 'attached programs more than 4096 times' },
  'opens-for-ever': { code: 1, error: 'EBPM_WASM_FAULT', says: 'opened more than 64 objects at once' },
};

/** What is done to a guest that waits, and how that ends it. */
const DONE_TO_IT = {
  inspect: { code: 130 },
  'kill the guest': { code: 1, error: 'EBPM_WASM_ENDED', says: 'was ended by SIGKILL' },
  'kill the run': { code: null },
  'close stdout': { code: 0 },
} as const satisfies Readonly<Record<string, Ending>>;

/** Descriptors that Node has, the streams, the channel, and the maps of the guest's own object. */
const ITS_DESCRIPTORS = /^(\/dev\/null|(pipe|socket):\[\d+\]|anon_inode:(\[?(eventpoll|eventfd|io_uring)\]?|bpf-map))$/;

/** Guests that do what none should. This machine's kernel would show nothing that the lab's do not. */
export const MISBEHAVING: GuestSuite = {
  name: 'misbehaving',
  where: 'lab',
  runs: (folder) => {
    const module = buildGuest('misbehaving', { folder, objects: ['abi', 'small'], hidden: ['hidden'] });
    const runs: Record<string, GuestRun> = {};
    for (const [name, { flags = [] }] of Object.entries(GUESTS)) runs[name] = { words: [...flags, module, name] };
    for (const once of Object.keys(DONE_TO_IT)) {
      runs[once] = { words: [module, once === 'close stdout' ? 'prints' : 'waits'], once };
    }
    return runs;
  },
  check,
};

function check(_: Kernel, seen: (run: string) => SeenGuest): void {
  it.each(Object.entries<Ending>({ ...GUESTS, ...DONE_TO_IT }))(
    '%s: it ends as it must, and leaves nothing',
    (name, { code, error, says = '', received }) => {
      const found = seen(name);
      expect(found).toMatchObject({ code, left: [], guestsLeft: [] });
      expect(found.stdout).toMatch(/^act call 1 10\n/);
      expect(found.stderr).toContain(says);
      if (received !== undefined) expect(found.stdout).toContain(`"received":${received},`);
      expect(/^code: (\w+)$/m.exec(found.stderr)?.[1]).toBe(error);
    },
  );

  it('the process of a guest has no rights, and no descriptors but its own', () => {
    const { threads = [], descriptors = [] } = seen('inspect');
    expect(threads.length).toBeGreaterThan(1);
    for (const thread of threads) expect(thread).toMatchObject(WITHOUT_RIGHTS);
    // What runs the guest; Node's others have no part in it.
    expect(threads[0]?.['Seccomp']).toBe('2');
    expect(descriptors.filter((descriptor) => !ITS_DESCRIPTORS.test(descriptor))).toEqual([]);
    expect(descriptors.filter((descriptor) => descriptor === 'anon_inode:bpf-map').length).toBeGreaterThan(10);
  });

  it('a run that is killed takes its guest along, and what it has attached', () => {
    expect(seen('kill the run')).toMatchObject({ signal: 'SIGKILL', isGuestGone: true, left: [] });
    expect(seen('kill the run').during).toBeGreaterThan(10);
  });
}
