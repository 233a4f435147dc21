import { spawnSync } from 'node:child_process';
import { cpSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { buildExample } from './build-example.js';
import { buildProgram } from './build-program.js';
import { BUNDLE } from './installation.js';
import { KERNELS } from './kernels.js';
import type { Observed } from './life/drive.js';
import type { Request } from './life/request.js';
import { temporaryFolder } from './temporary-folder.js';

/** On a quiet machine it takes a tenth of this. */
const DEADLINE_MS = 420_000;
/** How long an end may take on a busy machine. */
const END_WITHIN_MS = 3000;

const folder = temporaryFolder('life');
let sigsnoop: string;
let programIds: string;
beforeAll(async () => {
  sigsnoop = await buildExample('sigsnoop', folder);
  programIds = buildProgram('program-ids', folder);
  await build({
    bundle: true,
    format: 'esm',
    platform: 'node',
    logLevel: 'error',
    external: ['typescript'],
    entryPoints: [fileURLToPath(new URL('life/drive.ts', import.meta.url))],
    outfile: `${folder}/drive.mjs`,
    banner: {
      js: "import { createRequire as requireFrom } from 'node:module'; const require = requireFrom(import.meta.url);",
    },
  });
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** What every thread must be: nobody, with nothing. */
const DROPPED = {
  Uid: '65534\t65534\t65534\t65534',
  Gid: '65534\t65534\t65534\t65534',
  Groups: '',
  CapInh: '0000000000000000',
  CapPrm: '0000000000000000',
  CapEff: '0000000000000000',
  CapAmb: '0000000000000000',
  NoNewPrivs: '1',
};

/** A driver beside a copy of the built command line whose folder only root can look into. */
function driveHere(): Observed {
  cpSync(`${BUNDLE}/../package.json`, `${folder}/package.json`);
  cpSync(BUNDLE, `${folder}/bundle`, { recursive: true });
  cpSync(`${folder}/drive.mjs`, `${folder}/bundle/drive.mjs`);
  const request: Request = { sigsnoop, programIds };
  writeFileSync(`${folder}/request`, JSON.stringify(request));
  const words = [`${folder}/bundle/drive.mjs`, `${folder}/request`, `${folder}/result`];
  // vitest says that this is a test, and then oclif looks for TypeScript.
  const env = { ...process.env, NODE_ENV: 'production' };
  const { stderr, status } = spawnSync(process.execPath, words, { encoding: 'utf8', timeout: DEADLINE_MS, env });
  if (status !== 0) throw new Error(`drive.mjs ended with ${status}:\n${stderr}`);
  return JSON.parse(readFileSync(`${folder}/result`, 'utf8'));
}

describe.each(KERNELS.filter(({ version }) => version === undefined))('on $name', () => {
  let seen: Observed;
  beforeAll(() => {
    seen = driveHere();
  }, DEADLINE_MS + 60_000);

  it('ebpm run is nobody in every thread while it shows events, and still detaches', () => {
    const { threads, ...interrupted } = seen.interrupted;
    expect(threads.length).toBeGreaterThan(4);
    for (const thread of threads) expect(thread).toEqual(DROPPED);
    // Thirteen programs with a link each.
    expect(interrupted).toMatchObject({ code: 130, attached: 26, gone: true });
    expect(interrupted.stderr).toContain('Goes on as user "nobody", since root was not reached through sudo');
  });

  it('ebpm run prints every event that came before its end', () => {
    expect(seen.interrupted).toMatchObject({ events: 10 });
  });

  it('ebpm run --detach, ps, logs, pause, resume and stop take a run through its life, by name and by id', () => {
    const { first, second, seen: log, paused, whilePaused, afterResume, running, threads } = seen.background;
    expect(first).toMatchObject({ status: 0, stdout: expect.stringMatching(/^[0-9a-f]{8}\n$/), stderr: '' });
    expect(second).toMatchObject({ status: 0 });
    expect(log.split('\n')).toHaveLength(2);
    expect(paused).toEqual({ id: first.stdout.trim(), status: 'paused', events: 1 });
    expect(whilePaused).toBe(log);
    expect(afterResume.split('\n')).toHaveLength(3);
    expect(running).toEqual([
      expect.objectContaining({ id: first.stdout.trim(), name: 'signals', status: 'running', events: 2 }),
      expect.objectContaining({ id: second.stdout.trim(), status: 'running', events: 2 }),
    ]);
    for (const thread of threads.flat()) expect(thread).toEqual(DROPPED);
    const { stopped, ended } = seen.background;
    expect(stopped).toEqual({ status: 0, stdout: 'signals has ended\n', stderr: '' });
    expect(ended.stdout).toContain('"ebpm":"ledger"');
    expect(ended.stderr).toContain('2 events');
  });

  it('ebpm logs -f prints what comes until the run ends, and ends with it', () => {
    const { follower, ended } = seen.background;
    expect(follower).toEqual(ended);
  });

  it('ebpm refuses a name that is taken, and to stop what is unknown or has ended; what was killed is said to be', () => {
    const { clash, again, unknown, all, gone } = seen.background;
    expect(clash).toMatchObject({ status: 1, stderr: expect.stringContaining('EBPM_RUN_NAME_TAKEN') });
    expect(again).toMatchObject({ status: 1, stderr: expect.stringContaining('EBPM_RUN_ENDED') });
    expect(unknown).toMatchObject({ status: 1, stderr: expect.stringContaining('EBPM_RUN_UNKNOWN') });
    expect(all).toMatchObject([{ status: 'ended', exitCode: 143 }, { status: 'killed' }]);
    expect(gone).toBe(true);
  });

  it('ebpm run ends without waiting for the kernel', () => {
    expect(seen.interrupted.endMs).toBeLessThan(END_WITHIN_MS);
  });

  it('ebpm run leaves nothing attached when it is killed', () => {
    expect(seen.killed).toMatchObject({ code: null, attached: 26, gone: true });
  });

  it('ebpm run --keep-privileges stays root', () => {
    const { threads, ...kept } = seen.kept;
    for (const thread of threads) expect(thread).toMatchObject({ Uid: '0\t0\t0\t0', NoNewPrivs: '0' });
    expect(kept).toMatchObject({ code: 143, gone: true, events: 10 });
    expect(kept.stderr).not.toContain('nobody');
  });

  it('of several starts that want the same name one has it, and ebpm stop kills it when it does not end', () => {
    const { starts, ...stubborn } = seen.stubborn;
    expect(starts.filter(({ status }) => status === 0)).toHaveLength(1);
    for (const { stderr } of starts.filter(({ status }) => status !== 0))
      expect(stderr).toContain('EBPM_RUN_NAME_TAKEN');
    expect(stubborn).toMatchObject({ owners: 1, stopped: { status: 'killed' } });
    expect(stubborn.waitedMs).toBeGreaterThanOrEqual(10_000);
  });
});
