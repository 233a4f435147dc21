import { execFileSync } from 'node:child_process';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { writeEunomiaPackage } from '@ebpm/formats';
import { expect, it } from 'vitest';
import { compileFixture } from '../../support/compile-fixture.js';
import { seedPackage } from '../../support/seed-package.js';
import type { Kernel } from '../kernels.js';
import type { SeenGuest } from '../run-guests.js';
import type { GuestSuite } from './guest-suite.js';

/** What is left of five events of which every other is dropped, with the factor that the package's JSON has. */
const EVENTS = [0, 2, 4].map((number) => ({ Number: number, square: 3 * number }));

/** Modules of eunomia-bpf's ABI of 2022. */
export const YEAR_2022: GuestSuite<'seed' | 'today' | 'quiet'> = {
  name: 'year-2022',
  where: 'everywhere',
  runs: (folder) => {
    const module = build(folder);
    const json = ['--json', '--max-events', String(EVENTS.length)];
    return {
      seed: { words: [...json, module, 'seed'] },
      today: { words: [...json, module, 'today'] },
      quiet: { words: ['--max-events', '5', module, 'today'] },
    };
  },
  check,
};

function check(_: Kernel, seen: (run: 'seed' | 'today' | 'quiet') => SeenGuest): void {
  it('a module of 2022 rewrites and drops events of a package of 2022, whose integers have the signs that they had', () => {
    expect(eventsOf(seen('seed'))).toEqual(EVENTS.map((event) => ({ kind: -1, ...event })));
  });

  it('it takes a package of today, and the values of runtime_args', () => {
    expect(eventsOf(seen('today'))).toEqual(EVENTS.map((event) => ({ kind: 2 ** 32 - 1, ...event })));
  });

  it('without --json it prints itself what it has to say', () => {
    expect(seen('quiet').stdout).toBe('create -1 -1\nrun -1, wait -1\nact call 1 5\n');
  });

  it('what is no package is refused with the reason', () => {
    expect(seen('quiet').stderr).toContain('Cannot read "the JSON that the guest gave"');
  });

  it.each([
    ['seed', 3],
    ['today', 3],
    ['quiet', 5],
  ] as const)('%s ends well, when so many were shown as were wanted, and leaves nothing', (name, shown) => {
    expect(seen(name)).toMatchObject({ code: 0, signal: null, left: [], guestsLeft: [] });
    expect(seen(name).stderr).toContain(`\n${shown} events, `);
  });
}

/** The lines that are events: the last of JSON is the ledger. */
function eventsOf({ stdout }: SeenGuest): readonly unknown[] {
  const lines = stdout.split('\n').filter((line) => line.startsWith('{'));
  return lines.slice(0, -1).map((line) => JSON.parse(line));
}

/** The host has the C library, so that nothing is linked. */
function build(folder: string): string {
  const object = compileFixture(new URL('../guests/year-2022.bpf.c', import.meta.url));
  const headers = join(folder, 'headers');
  mkdirSync(headers);
  const packages = { seed_package: seed(object), today_package: todayPackage(object) };
  const texts = Object.entries(packages).map(
    ([name, value]) => `static const char ${name}[] = ${JSON.stringify(JSON.stringify(value))};\n`,
  );
  writeFileSync(join(headers, 'packages.h'), texts.join(''));
  const path = join(folder, 'year-2022.wasm');
  const source = fileURLToPath(new URL('../guests/year-2022.c', import.meta.url));
  const flags = ['--target=wasm32', '-O0', '-nostdlib', '-Wl,--no-entry', '-Wl,--allow-undefined'];
  execFileSync('clang', [...flags, '-I', headers, '-o', path, source]);
  return path;
}

const RUNTIME_ARGS = { runtime_args: { factor: 3 } };

/** With what the guest writes into it. */
function seed(object: Uint8Array): object {
  const fields = [
    ['kind', 0, 'unsigned int', 'i32'],
    ['number', 32, 'unsigned int', 'i32'],
    ['square', 64, 'unsigned long long', 'i64'],
  ] as const;
  return { ...seedPackage({ name: 'year-2022', object, sizeBits: 128, fields, program: 'on_call' }), ...RUNTIME_ARGS };
}

function todayPackage(object: Uint8Array): object {
  const meta = {
    bpf_skel: {
      obj_name: 'year_2022_bpf',
      maps: [{ name: 'events', ident: 'events' }],
      progs: [{ name: 'on_call', attach: 'tp/syscalls/sys_enter_getpgid', link: true }],
      data_sections: [],
    },
    export_types: [],
  };
  return { ...JSON.parse(writeEunomiaPackage({ object, meta })), ...RUNTIME_ARGS };
}
