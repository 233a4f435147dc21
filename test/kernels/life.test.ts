import { spawnSync } from 'node:child_process';
import { readFileSync, rmSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { buildExample } from './build-example.js';
import { buildProgram } from './build-program.js';
import { EBPM } from './installation.js';
import { KERNELS } from './kernels.js';
import { temporaryFolder } from './temporary-folder.js';

const DRIVER = fileURLToPath(new URL('life/drive.mjs', import.meta.url));
/** On a quiet machine it takes a tenth of this. */
const DEADLINE_MS = 240_000;
/** How long an end may take on a busy machine. */
const END_WITHIN_MS = 3000;

const folder = temporaryFolder('life');
let parts: { sigsnoop: string; programIds: string };
beforeAll(async () => {
  parts = {
    sigsnoop: await buildExample('sigsnoop', folder),
    programIds: buildProgram('program-ids', folder),
  };
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** What life/drive.mjs writes down. */
type Observed = Readonly<Record<string, Record<string, unknown>>>;
type Threads = readonly Readonly<Record<string, string>>[];

/** What it writes down of runs in the background. */
interface Background {
  readonly first: Command;
  readonly clash: Command;
  readonly second: Command;
  readonly seen: string;
  readonly paused: unknown;
  readonly whilePaused: string;
  readonly afterResume: string;
  readonly running: unknown;
  readonly threads: readonly Threads[];
  readonly stopped: Command;
  readonly again: Command;
  readonly unknown: Command;
  readonly all: readonly { readonly status: string }[];
  readonly ended: Command;
}

interface Command {
  readonly status: number;
  readonly stdout: string;
  readonly stderr: string;
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

function driveHere(): Observed {
  const [request, result] = [`${folder}/request`, `${folder}/result`];
  const words = { ebpm: [process.execPath, EBPM], sigsnoop: parts.sigsnoop, programIdsPath: parts.programIds };
  writeFileSync(request, JSON.stringify(words));
  const { stderr, status } = spawnSync(process.execPath, [DRIVER, request, result], {
    encoding: 'utf8',
    timeout: DEADLINE_MS,
  });
  if (status !== 0) throw new Error(`drive.mjs ended with ${status}:\n${stderr}`);
  return JSON.parse(readFileSync(result, 'utf8'));
}

describe.each(KERNELS.filter(({ version }) => version === undefined))('on $name', () => {
  let seen: Observed;
  beforeAll(() => {
    seen = driveHere();
  }, DEADLINE_MS);

  it('ebpm run is nobody in every thread while it shows events, and still detaches', () => {
    const { threads, ...interrupted } = seen['interrupted'] ?? {};
    expect((threads as Threads).length).toBeGreaterThan(4);
    for (const thread of threads as Threads) expect(thread).toEqual(DROPPED);
    expect(interrupted).toMatchObject({ code: 130, attached: 13, gone: true });
    expect(interrupted['stderr']).toContain('Goes on as user "nobody", since root was not reached through sudo');
  });

  it('ebpm run prints every event that came before its end, and ends without waiting for the kernel', () => {
    expect(seen['interrupted']).toMatchObject({ events: 10 });
    expect(seen['interrupted']?.['endMs']).toBeLessThan(END_WITHIN_MS);
  });

  it('ebpm run leaves nothing attached when it is killed', () => {
    expect(seen['killed']).toMatchObject({ code: null, attached: 13, gone: true });
  });

  it('ebpm run --keep-privileges stays root', () => {
    const { threads, ...kept } = seen['kept'] ?? {};
    for (const thread of threads as Threads) expect(thread).toMatchObject({ Uid: '0\t0\t0\t0', NoNewPrivs: '0' });
    expect(kept).toMatchObject({ code: 143, gone: true, events: 10 });
    expect(kept['stderr']).not.toContain('nobody');
  });

  it('ebpm run --detach, ps, logs, pause, resume and stop take a run through its life', () => {
    const {
      first,
      second,
      seen: log,
      paused,
      whilePaused,
      afterResume,
      running,
      threads,
      stopped,
      ended,
    } = (seen['background'] ?? {}) as unknown as Background;
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
    expect(stopped).toEqual({ status: 0, stdout: 'signals has ended\n', stderr: '' });
    expect(ended.stdout).toContain('"ebpm":"ledger"');
    expect(ended.stderr).toContain('2 events');
  });

  it('ebpm refuses a name that is taken, and to stop what is unknown or has ended; what was killed is said to be', () => {
    const { clash, again, unknown, all } = (seen['background'] ?? {}) as unknown as Background;
    expect(clash).toMatchObject({ status: 1, stderr: expect.stringContaining('EBPM_RUN_NAME_TAKEN') });
    expect(again).toMatchObject({ status: 1, stderr: expect.stringContaining('EBPM_RUN_ENDED') });
    expect(unknown).toMatchObject({ status: 1, stderr: expect.stringContaining('EBPM_RUN_UNKNOWN') });
    expect(all.map(({ status }) => status)).toEqual(['ended', 'killed']);
    expect(all[0]).toMatchObject({ exitCode: 143 });
  });
});
