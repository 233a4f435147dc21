import { spawnSync } from 'node:child_process';
import { cpSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { runInLab } from '@ebpm/lab';
import { build } from 'esbuild';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { guestFiles } from '../../packages/cli/src/guest-files.js';
import { buildExample } from './build-example.js';
import { buildProgram } from './build-program.js';
import { BUNDLE, LAB_CACHE } from './installation.js';
import { KERNELS, type Kernel } from './kernels.js';
import type { Observed } from './life/drive.js';
import type { Request } from './life/request.js';
import { temporaryFolder } from './temporary-folder.js';

/** On a quiet machine it takes a tenth of this. */
const DEADLINE_MS = 420_000;
/** How long an end may take on a busy machine. */
const END_WITHIN_MS = 3000;

const folder = temporaryFolder('life');
let sigsnoop: string;
let tcMixed: Uint8Array;
let programIds: string;
beforeAll(async () => {
  sigsnoop = await buildExample('sigsnoop', folder);
  tcMixed = withClassicTc(await buildExample('tc-count', folder), 'count_received');
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

/** A package that asks for classic tc for one of its programs, as `@tcopts` in the source would. */
function withClassicTc(path: string, program: string): Uint8Array {
  const pkg = JSON.parse(readFileSync(path, 'utf8'));
  const row = pkg.meta.bpf_skel.progs.find(({ name }: { name: string }) => name === program);
  row.tchook = { attach_point: 'BPF_TC_INGRESS' };
  row.tcopts = { handle: 1, priority: 1 };
  return Buffer.from(JSON.stringify(pkg));
}

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

async function drive({ version }: Kernel): Promise<Observed> {
  return version === undefined ? driveHere() : driveInLab(version);
}

/** A driver beside a copy of the built command line, as in the lab; only root can look into its folder. */
function driveHere(): Observed {
  cpSync(`${BUNDLE}/../package.json`, `${folder}/package.json`);
  cpSync(BUNDLE, `${folder}/bundle`, { recursive: true });
  cpSync(`${folder}/drive.mjs`, `${folder}/bundle/drive.mjs`);
  const request: Request = { sigsnoop, programIds, tcMixed: '', tc: '', isLab: false };
  writeFileSync(`${folder}/request`, JSON.stringify(request));
  const words = [`${folder}/bundle/drive.mjs`, `${folder}/request`, `${folder}/result`];
  // vitest says that this is a test, and then oclif looks for TypeScript.
  const env = { ...process.env, NODE_ENV: 'production' };
  const { stderr, status } = spawnSync(process.execPath, words, { encoding: 'utf8', timeout: DEADLINE_MS, env });
  if (status !== 0) throw new Error(`drive.mjs ended with ${status}:\n${stderr}`);
  return JSON.parse(readFileSync(`${folder}/result`, 'utf8'));
}

async function driveInLab(version: '6.1' | '6.12'): Promise<Observed> {
  const request: Request = {
    sigsnoop: '/test/sigsnoop.json',
    tcMixed: '/test/tc-mixed.json',
    programIds: '/test/program-ids',
    tc: '/test/tc',
    isLab: true,
  };
  const { results, stderr, exitCode } = await runInLab({
    kernel: version,
    cacheDir: LAB_CACHE,
    command: ['node', '/opt/ebpm/bundle/drive.mjs', '/test/request', '/test/result'],
    files: {
      ...guestFiles(BUNDLE),
      '/opt/ebpm/bundle/drive.mjs': `${folder}/drive.mjs`,
      '/test/sigsnoop.json': sigsnoop,
      '/test/tc-mixed.json': tcMixed,
      '/test/program-ids': programIds,
      '/test/tc': '/sbin/tc',
      '/test/request': Buffer.from(JSON.stringify(request)),
    },
    results: ['/test/result'],
    deadlineMs: DEADLINE_MS,
  });
  const result = results['/test/result'];
  if (result === undefined) throw new Error(`drive.mjs ended with ${exitCode} and wrote nothing:\n${stderr}`);
  return JSON.parse(Buffer.from(result).toString('utf8'));
}

function present<T>(value: T | undefined): T {
  if (value === undefined) throw new Error('drive.mjs did not do this');
  return value;
}

describe.each(KERNELS)('on $name', (kernel) => {
  const isLab = kernel.version !== undefined;
  let seen: Observed;
  beforeAll(async () => {
    seen = await drive(kernel);
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

  it.runIf(isLab)('the next ebpm command removes the filters of a run that was killed with its helper', () => {
    const { next, ...rest } = present(seen.filters);
    // Where there is tcx, the other direction has a link, which goes by itself.
    const programs = kernel.version === '6.1' ? 2 : 1;
    expect(rest).toMatchObject({ code: null, helpers: 1, programs, linksGone: true, gone: true, clean: true });
    const said = 'Removed what a run that was killed had left: a tc filter\n';
    expect(next).toMatchObject({ status: 0, stderr: said.repeat(programs) });
  });

  it.runIf(isLab)(
    'ebpm run ends when nobody reads its output any more, and removes its filters without privilege',
    () => {
      expect(seen.closedPipe).toMatchObject({ code: 0, gone: true, clean: true });
      expect(seen.closedPipe?.attached).toBeGreaterThan(1);
    },
  );

  it.runIf(!isLab)('ebpm run ends without waiting for the kernel', () => {
    expect(seen.interrupted.endMs).toBeLessThan(END_WITHIN_MS);
  });

  it.runIf(!isLab)('ebpm run leaves nothing attached when it is killed', () => {
    expect(seen.killed).toMatchObject({ code: null, attached: 26, gone: true });
  });

  it.runIf(!isLab)('ebpm run --keep-privileges stays root', () => {
    const { threads, ...kept } = present(seen.kept);
    for (const thread of threads) expect(thread).toMatchObject({ Uid: '0\t0\t0\t0', NoNewPrivs: '0' });
    expect(kept).toMatchObject({ code: 143, gone: true, events: 10 });
    expect(kept.stderr).not.toContain('nobody');
  });

  it.runIf(!isLab)(
    'of several starts that want the same name one has it, and ebpm stop kills it when it does not end',
    () => {
      const { starts, ...stubborn } = present(seen.stubborn);
      expect(starts.filter(({ status }) => status === 0)).toHaveLength(1);
      for (const { stderr } of starts.filter(({ status }) => status !== 0))
        expect(stderr).toContain('EBPM_RUN_NAME_TAKEN');
      expect(stubborn).toMatchObject({ owners: 1, stopped: { status: 'killed' } });
      expect(stubborn.waitedMs).toBeGreaterThanOrEqual(10_000);
    },
  );
});
