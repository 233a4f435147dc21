import { spawnSync } from 'node:child_process';
import { cpSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { fileURLToPath } from 'node:url';
import { runInLab } from '@ebpm/lab';
import { cliControlKind, cliLogLineKind, cliPsKind, validate } from '@ebpm/schemas';
import { build } from 'esbuild';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { GUEST_COMMAND, guestFiles } from '../../packages/cli/src/guest-files.js';
import { buildExample } from './build-example.js';
import { buildProgram } from './build-program.js';
import { BUNDLE, LAB_CACHE } from './installation.js';
import { KERNELS, type Kernel } from './kernels.js';
import type { Observed } from './life/drive.js';
import type { Request } from './life/request.js';
import { temporaryFolder } from './temporary-folder.js';
import { WITHOUT_RIGHTS } from './without-rights.js';

/** On a quiet machine it takes a tenth of this. */
const DEADLINE_MS = 420_000;
/** How long an end may take on a busy machine. */
const END_WITHIN_MS = 3000;

/** Where the driver lies: beside the command line. */
const DRIVER = `${dirname(GUEST_COMMAND[1])}/drive.mjs`;
/** bsdutils is essential on Debian. */
const SCRIPT = '/usr/bin/script';

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

async function drive({ version }: Kernel): Promise<Observed> {
  return version === undefined ? driveHere() : driveInLab(version);
}

/** A driver beside a copy of the built command line, as in the lab, whose folder only root can look into. */
function driveHere(): Observed {
  for (const [path, from] of Object.entries(guestFiles(BUNDLE))) cpSync(from, `${folder}${path}`, { recursive: true });
  cpSync(`${folder}/drive.mjs`, `${folder}${DRIVER}`);
  const request: Request = { sigsnoop, programIds, script: SCRIPT };
  writeFileSync(`${folder}/request`, JSON.stringify(request));
  const words = [`${folder}${DRIVER}`, `${folder}/request`, `${folder}/result`];
  // vitest says that this is a test, and then oclif looks for TypeScript.
  const env = { ...process.env, NODE_ENV: 'production' };
  const { stderr, status } = spawnSync(process.execPath, words, { encoding: 'utf8', timeout: DEADLINE_MS, env });
  if (status !== 0) throw new Error(`drive.mjs ended with ${status}:\n${stderr}`);
  return JSON.parse(readFileSync(`${folder}/result`, 'utf8'));
}

async function driveInLab(version: '6.1' | '6.12'): Promise<Observed> {
  const request: Request = {
    sigsnoop: '/test/sigsnoop.json',
    programIds: '/test/program-ids',
    // Once is enough: no kernel decides it, and only a lab's interface may be filtered.
    lab: { tcMixed: '/test/tc-mixed.json', tc: '/test/tc', closesPipe: version === '6.12' },
  };
  const { results, stderr, exitCode } = await runInLab({
    kernel: version,
    cacheDir: LAB_CACHE,
    command: ['node', DRIVER, '/test/request', '/test/result'],
    files: {
      ...guestFiles(BUNDLE),
      [DRIVER]: `${folder}/drive.mjs`,
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

  it('ebpm ps, logs, pause and stop print with --json what their schemas say', () => {
    const { paused, running, all, halted, lines } = seen.background;
    for (const value of [paused, halted.stopped]) expect(validate(cliControlKind, value)).toMatchObject({ ok: true });
    for (const runs of [running, all]) expect(validate(cliPsKind, { runs })).toMatchObject({ ok: true });
    const written = lines.trimEnd().split('\n');
    expect(written.length).toBeGreaterThan(1);
    for (const line of written) expect(validate(cliLogLineKind, JSON.parse(line))).toMatchObject({ ok: true });
  });

  it('ebpm run --detach, ps, logs, pause, resume and stop take a run through its life', () => {
    const { first, race, seen: log, paused, whilePaused, afterResume, running, threads } = seen.background;
    expect(first).toMatchObject({ status: 0, stdout: expect.stringMatching(/^[0-9a-f]{8}\n$/), stderr: '' });
    expect(log.split('\n')).toHaveLength(2);
    expect(paused).toEqual({ id: first.stdout.trim(), status: 'paused', events: 1 });
    expect(whilePaused).toBe(log);
    expect(afterResume.split('\n')).toHaveLength(3);
    const winner = race.find(({ status }) => status === 0);
    expect(running).toEqual([
      expect.objectContaining({ id: first.stdout.trim(), name: 'signals', status: 'running', events: 2 }),
      expect.objectContaining({ id: winner?.stdout.trim(), name: 'race', status: 'running' }),
    ]);
    expect(threads.map(({ length }) => length > 4)).toEqual([true, true]);
    for (const thread of threads.flat()) expect(thread).toEqual(WITHOUT_RIGHTS);
    const { stopped, ended } = seen.background;
    expect(stopped).toEqual({ status: 0, stdout: 'signals has ended\n', stderr: '' });
    expect(ended.stdout).toContain('"ebpm":"ledger"');
    expect(ended.stderr).toContain('2 events');
  });

  it('ebpm logs -f prints what comes until the run ends, and ends with it', () => {
    const { follower, ended } = seen.background;
    expect(follower).toEqual(ended);
  });

  it('ebpm refuses a name that is taken, and to stop what is unknown or has ended', () => {
    const { clash, race, again, unknown } = seen.background;
    const refusals = [clash, ...race.filter(({ status }) => status !== 0)];
    expect(refusals).toHaveLength(2);
    for (const refusal of refusals) {
      expect(refusal).toMatchObject({ status: 1, stderr: expect.stringContaining('EBPM_RUN_NAME_TAKEN') });
    }
    expect(again).toMatchObject({ status: 1, stderr: expect.stringContaining('EBPM_RUN_ENDED') });
    expect(unknown).toMatchObject({ status: 1, stderr: expect.stringContaining('EBPM_RUN_UNKNOWN') });
  });

  it('ebpm stop kills a run that does not end within 10 s, and nothing stays attached', () => {
    const { halted, all, gone } = seen.background;
    expect(halted).toMatchObject({ stopped: { status: 'killed' }, isGone: true });
    expect(halted.waitedMs).toBeGreaterThanOrEqual(10_000);
    expect(all).toMatchObject([{ status: 'ended', exitCode: 143 }, { status: 'killed' }]);
    expect(gone).toBe(true);
  });

  it.runIf(isLab)('the next ebpm command removes the filters of a run that was killed with its helper', () => {
    const { filters, linksGone, said } = seen.background;
    // Where there is tcx, the other direction has a link, which goes by itself.
    const remains = kernel.version === '6.1' ? 2 : 1;
    expect({ linksGone, ...filters }).toEqual({ linksGone: true, helpers: 1, remains, areClean: true });
    expect(said).toBe('Removed what a run that was killed had left: a tc filter\n'.repeat(remains));
  });

  it.runIf(kernel.version === '6.12')(
    'ebpm run ends when nobody reads its output, and removes its filters without privilege',
    () => {
      const pipe = present(seen.closedPipe);
      expect(pipe).toMatchObject({ code: 0, gone: true, areClean: true });
      expect(pipe.attached).toBeGreaterThan(1);
    },
  );

  it.skipIf(isLab)('ebpm run is nobody in every thread while it shows events, and still detaches', () => {
    const { threads, ...interrupted } = present(seen.host).interrupted;
    expect(threads.length).toBeGreaterThan(4);
    for (const thread of threads) expect(thread).toEqual(WITHOUT_RIGHTS);
    // Thirteen programs with a link each.
    expect(interrupted).toMatchObject({ code: 130, attached: 26, gone: true });
    expect(interrupted.stderr).toContain('Goes on as user "nobody", since root was not reached through sudo');
  });

  it.skipIf(isLab)(
    'ebpm run prints every event that came before its end, and ends without waiting for the kernel',
    () => {
      const { events, endMs } = present(seen.host).interrupted;
      expect(events).toBe(10);
      expect(endMs).toBeLessThan(END_WITHIN_MS);
    },
  );

  it.skipIf(isLab)('ebpm run leaves nothing attached when it is killed', () => {
    expect(present(seen.host).killed).toMatchObject({ code: null, attached: 26, gone: true });
  });

  it.skipIf(isLab)('ebpm run writes into the audit log what it loads and, unless it is killed, how that ends', () => {
    const { interrupted, killed, kept } = present(seen.host);
    const load = { event: 'load', uid: 0, classes: [] };
    expect(interrupted.audit).toMatchObject([load, { event: 'end', uid: 65534, ending: 'signal' }]);
    expect(killed.audit).toMatchObject([load]);
    expect(kept.audit).toMatchObject([load, { event: 'end', uid: 0, ending: 'signal' }]);
  });

  it.skipIf(isLab)('ebpm run --keep-privileges stays root', () => {
    const { threads, ...kept } = present(seen.host).kept;
    for (const thread of threads) expect(thread).toMatchObject({ Uid: '0\t0\t0\t0', NoNewPrivs: '0' });
    expect(kept).toMatchObject({ code: 143, gone: true, events: 10 });
    expect(kept.stderr).not.toContain('nobody');
  });

  it.skipIf(isLab)('of several processes that want the same name for their run one has it', () => {
    const { starts, owners } = present(seen.host).raced;
    expect(starts.filter(({ status }) => status === 0)).toHaveLength(1);
    for (const { stderr } of starts.filter(({ status }) => status !== 0))
      expect(stderr).toContain('EBPM_RUN_NAME_TAKEN');
    expect(owners).toBe(1);
  });
});
