import { mkdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe } from 'vitest';
import { ABI } from './guest-suites/abi.js';
import type { GuestSuite } from './guest-suites/guest-suite.js';
import { MISBEHAVING } from './guest-suites/misbehaving.js';
import { YEAR_2022 } from './guest-suites/year-2022.js';
import { KERNELS, type Kernel } from './kernels.js';
import { buildGuestPrograms, type GuestRun, runGuests, type SeenGuest } from './run-guests.js';
import { temporaryFolder } from './temporary-folder.js';

const SUITES: readonly GuestSuite[] = [ABI, YEAR_2022, MISBEHAVING];

/** Each guest is two processes, which take seconds to start in an emulated machine. */
const HOOK_MS = 600_000;

const folder = temporaryFolder('wasm-guests');
const results = new Map<Kernel, Promise<Readonly<Record<string, SeenGuest>>>>();

// A machine for each kernel, all at once: an emulated one keeps a processor busy, and no more.
beforeAll(() => {
  const programs = buildGuestPrograms(folder);
  const runs = new Map(SUITES.map((suite) => [suite, runsOf(suite)]));
  for (const kernel of KERNELS) {
    const result = runGuests({
      kernel,
      folder,
      programs,
      runs: Object.assign({}, ...suitesOf(kernel).map((suite) => runs.get(suite))),
    });
    // Whoever waits for it is told.
    result.catch(() => {});
    results.set(kernel, result);
  }
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

describe.each(KERNELS)('on $name', (kernel) => {
  let seen: Readonly<Record<string, SeenGuest>> = {};
  beforeAll(async () => {
    seen = (await results.get(kernel)) ?? {};
  }, HOOK_MS);

  for (const suite of suitesOf(kernel)) {
    describe(suite.name, () => {
      suite.check(kernel, (run) => {
        const found = seen[nameIn(suite, run)];
        if (found === undefined) throw new Error(`"${run}" was not run`);
        return found;
      });
    });
  }
});

function suitesOf({ version }: Kernel): readonly GuestSuite[] {
  return SUITES.filter(({ where }) => where === 'everywhere' || version !== undefined);
}

function runsOf(suite: GuestSuite): Readonly<Record<string, GuestRun>> {
  const own = join(folder, suite.name);
  mkdirSync(own);
  return Object.fromEntries(Object.entries(suite.runs(own)).map(([run, how]) => [nameIn(suite, run), how]));
}

/** Suites need not know each other's names. */
function nameIn({ name }: GuestSuite, run: string): string {
  return `${name}: ${run}`;
}
