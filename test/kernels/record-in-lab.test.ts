import { mkdirSync, rmSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { runEbpm } from '../e2e/run-ebpm.js';
import { buildExample } from './build-example.js';
import { LAB_CACHE } from './installation.js';
import { temporaryFolder } from './temporary-folder.js';

const folder = temporaryFolder('record-in-lab');
const recording = join(folder, 'waits.ebpmr');
// The kernel that the other tests have fetched.
const env = { HOME: folder, XDG_CACHE_HOME: join(folder, 'cache') };
let runqlat: string;

beforeAll(async () => {
  mkdirSync(join(folder, 'cache/ebpm'), { recursive: true });
  symlinkSync(LAB_CACHE, join(folder, 'cache/ebpm/lab'));
  runqlat = await buildExample('runqlat', folder);
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

describe('ebpm run --record --kernel', () => {
  it('ebpm run --record --kernel 6.12 brings a recording out of the lab, which shows again what the run showed', async () => {
    const flags = ['--kernel', '6.12', '--duration', '1500ms', '--record', recording];
    const run = await runEbpm(['run', ...flags, runqlat], { env });
    expect(run).toMatchObject({ exitCode: 0, stderr: expect.stringContaining('runqlat_bpf: attached 3 programs') });
    expect(run.stdout).toContain('     usecs               : count    distribution\n');
    const replayed = await runEbpm(['replay', recording], { env });
    expect(replayed).toMatchObject({ exitCode: 0, stdout: run.stdout });
    expect(run.stderr.endsWith(replayed.stderr)).toBe(true);
    const json = await runEbpm(['replay', '--json', '--columns', 'value.count', recording], { env });
    const [first, ...rest] = json.stdout
      .trimEnd()
      .split('\n')
      .map((line) => JSON.parse(line));
    expect(first).toEqual({ 'value.count': expect.any(Number) });
    expect(rest.at(-1)).toMatchObject({ ebpm: 'ledger', package: 'runqlat_bpf', ended: 'duration' });
  });
});
