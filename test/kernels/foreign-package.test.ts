import { rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { packageFileKind, validate } from '@ebpm/schemas';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { buildProgram } from './build-program.js';
import { foreignPackages } from './foreign-package.js';
import { KERNELS } from './kernels.js';
import { observeAll, type Seen } from './observe.js';
import { temporaryFolder } from './temporary-folder.js';

/** No process has this number: the kernel's largest is 4194304 (include/linux/threads.h, PID_MAX_LIMIT). */
const NOBODY = 4_194_305;
const ROUNDS = 20;

const folder = temporaryFolder('foreign');
const packages = foreignPackages();
const paths = { full: join(folder, 'full.json'), bare: join(folder, 'bare.json') };
let programs = { workload: '', programIds: '' };
beforeAll(() => {
  programs = { workload: buildProgram('workload', folder), programIds: buildProgram('program-ids', folder) };
  writeFileSync(paths.full, packages.full);
  writeFileSync(paths.bare, packages.bare);
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

it.each(['full', 'bare'] as const)('the schema of packages allows what another compiler made: %s', (which) => {
  expect(validate(packageFileKind, JSON.parse(packages[which]))).toMatchObject({ ok: true });
});

describe.each(KERNELS)('on $name', (kernel) => {
  let runs: readonly Seen[];
  beforeAll(async () => {
    const plan = Array.from({ length: ROUNDS }, () => [
      'kill target 10',
      'tkill target 12',
      'kill self 0',
      `kill ${NOBODY} 10`,
    ]).flat();
    const own = { ...programs, onlyMine: [] };
    runs = await observeAll(kernel, [
      { ...own, packagePath: paths.full, plan, args: ['--only-pid', 'SELF'] },
      { ...own, packagePath: paths.bare, plan: [], args: [], flags: ['--json', '--duration', '500ms'] },
    ]);
  });

  it('ebpm run prints exactly the events of a package that another compiler made', () => {
    const [seen] = runs;
    if (seen === undefined) throw new Error('it was not observed');
    const line = (tpid: number, sig: number) =>
      `{"pid":${seen.pid},"tpid":${tpid},"sig":${sig},"comm":"workload","both":${(BigInt(tpid) << 32n) | BigInt(sig)}}\n`;
    const round = line(seen.target, 10) + line(seen.pid, 0) + line(NOBODY, 10);
    expect(seen).toMatchObject({ code: 130, left: [] });
    expect(seen.attached.length).toBe(1);
    const shown = seen.stdout.slice(0, seen.stdout.lastIndexOf('\n', seen.stdout.length - 2) + 1);
    expect(sorted(shown)).toEqual(sorted(round.repeat(ROUNDS)));
    expect(seen.ledger).toMatchObject({ ebpm: 'ledger', shown: 3 * ROUNDS });
  });

  it('ebpm run attaches a package whose maps and programs are null, and runs until its time is over', () => {
    const [, seen] = runs;
    if (seen === undefined) throw new Error('it was not observed');
    const { code, stdout, stderr } = seen;
    expect(code).toBe(0);
    expect(JSON.parse(stdout)).toMatchObject({
      ebpm: 'ledger',
      received: 0,
      shown: 0,
      streams: [],
      complete: 'unknown',
    });
    expect(stderr).toContain('foreign_bpf: attached 1 program, Ctrl-C ends\n0 events, losses unknown\n');
    expect(stderr).toContain('ring buffer "events" is not read');
  });
});

/** Events of several CPUs may come in another order than they happened in. */
function sorted(lines: string): readonly string[] {
  return lines.split('\n').sort();
}
