import { spawnSync } from 'node:child_process';
import { rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { runInLab } from '@ebpm/lab';
import { type CliRunLedger, cliRunLedgerKind, validate } from '@ebpm/schemas';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { GUEST_COMMAND, guestFiles } from '../../packages/cli/src/guest-files.js';
import { compileFixture } from '../support/compile-fixture.js';
import { buildProgram } from './build-program.js';
import { BUNDLE, EBPM, LAB_CACHE } from './installation.js';
import { temporaryFolder } from './temporary-folder.js';

const CALLS = 5000;
/** More than are made until the run has ended. */
const ENDLESS = 1_000_000_000;
const RING = '/test/flood.bpf.o';
const PERF = '/test/flood-perf.bpf.o';
const MISSES = '/test/misses.bpf.o';
const SAMPLER = '/test/sampler.bpf.o';
/** What is run in one boot. */
const RUNS = {
  ring: { words: ['--json', '--strict', RING], calls: CALLS },
  plain: { words: ['--json', RING], calls: 200 },
  perf: { words: ['--json', '--record', '/test/recording', PERF], calls: CALLS },
  quiet: { words: ['--json', '--strict', PERF], calls: 1 },
  misses: { words: ['--json', MISSES], calls: 300 },
  unknown: { words: ['--json', '--strict', '--stats', SAMPLER], calls: 1, until: ' of a core' },
  budget: { words: ['--json', '--budget', '0.01%', RING], calls: ENDLESS },
};

/** What ledger.mjs writes down of a run. */
interface Observed {
  readonly code: number;
  /** What the programs counted. */
  readonly own: Readonly<Record<string, number>>;
  /** The last line of stdout. */
  readonly ledger: string;
  readonly events: number;
  readonly stderr: string;
}

/** All that it writes down. */
interface Written extends Readonly<Record<keyof typeof RUNS, Observed>> {
  readonly programsLeft: readonly string[];
}

describe.each(['6.1', '6.12'] as const)('on Linux %s', (kernel) => {
  const folder = temporaryFolder('ledger');
  let runs: Readonly<Record<keyof typeof RUNS, Observed>>;
  let programsLeft: readonly string[];
  let recording: Uint8Array;
  beforeAll(async () => {
    const request = { ebpm: GUEST_COMMAND, flood: '/test/flood', runs: RUNS };
    const { results, stderr, exitCode } = await runInLab({
      kernel,
      cacheDir: LAB_CACHE,
      command: ['node', '/test/ledger.mjs', '/test/request', '/test/result'],
      files: {
        ...guestFiles(BUNDLE),
        [RING]: compileFixture(new URL('fixtures/flood.bpf.c', import.meta.url)),
        [PERF]: compileFixture(new URL('fixtures/flood-perf.bpf.c', import.meta.url)),
        [MISSES]: compileFixture(new URL('fixtures/misses.bpf.c', import.meta.url)),
        [SAMPLER]: compileFixture(new URL('fixtures/sampler.bpf.c', import.meta.url)),
        '/test/flood': buildProgram('flood', folder),
        '/test/ledger.mjs': fileURLToPath(new URL('ledger.mjs', import.meta.url)),
        '/test/request': Buffer.from(JSON.stringify(request)),
      },
      results: ['/test/result', '/test/recording'],
      deadlineMs: 240_000,
    });
    const result = results['/test/result'];
    if (result === undefined) throw new Error(`ledger.mjs ended with ${exitCode} and wrote nothing:\n${stderr}`);
    recording = results['/test/recording'] ?? new Uint8Array(0);
    const written: Written = JSON.parse(Buffer.from(result).toString('utf8'));
    programsLeft = written.programsLeft;
    runs = written;
  });
  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  it('--ledger exact counts exactly what a flooded ring buffer refused, whichever helper was called', () => {
    const { own, events, code } = runs.ring;
    const { streams, complete, why } = ledgerOf(runs.ring);
    // --strict implies --ledger exact, and ends with 1 after a loss.
    expect(code).toBe(1);
    expect(runs.ring.stderr).toContain('code: EBPM_EVENTS_LOST');
    expect(own['refused']).toBeGreaterThan(100);
    expect(streams).toMatchObject([
      { name: 'events', kind: 'ring buffer', lost: own['refused'], received: own['sent'] },
    ]);
    expect(events).toBe(own['sent']);
    expect((own['sent'] ?? 0) + (own['refused'] ?? 0)).toBe(3 * (own['calls'] ?? 0));
    expect(complete).toBe(false);
    expect(why[0]).toBe(`${own['refused']} events did not fit into ring buffer "events"`);
    expect(streams[0]?.highWaterBytes).toBeGreaterThan(0);
    expect(streams[0]?.highWaterBytes).toBeLessThanOrEqual(4096);
  });

  it('--ledger exact counts exactly what full hash maps refused', () => {
    const { own } = runs.ring;
    const { maps } = ledgerOf(runs.ring);
    expect(own['updates_refused']).toBeGreaterThan(CALLS - 200);
    expect(Object.fromEntries(maps.map(({ name, refused }) => [name, refused]))).toMatchObject({
      // What may not be there already is refused for want of room as well.
      entries: 2 * (own['updates_refused'] ?? 0),
      per_cpu: own['per_cpu_updates_refused'],
    });
  });

  it('the ledger counts exactly the runs that recursion left out', () => {
    const { own } = runs.ring;
    const nested = ledgerOf(runs.ring).programs.find(({ name }) => name === 'nested');
    expect(own['nested_runs']).toBeGreaterThanOrEqual(CALLS);
    expect(nested).toMatchObject({ recursionMisses: own['nested_runs'], countsEveryMiss: true });
  });

  it('the ledger counts exactly the runs that were left out of a kprobe, where the kernel does', () => {
    const { own } = runs.misses;
    const { programs, complete, why } = ledgerOf(runs.misses);
    expect(own).toEqual({ from_tracepoint: 300, from_kprobe: 300, not_left_out: 0 });
    const leftOut = programs.find(({ name }) => name === 'left_out');
    if (kernel === '6.1') {
      expect(leftOut).toMatchObject({ recursionMisses: 0, missedHits: 0, countsEveryMiss: false });
      expect(complete).toBe('unknown');
      expect(why.join()).toContain('left_out');
    } else {
      expect(leftOut).toMatchObject({ recursionMisses: 300, missedHits: 300, countsEveryMiss: true });
      expect(complete).toBe(false);
      expect(why).toEqual(['program "left_out" was left out 600 times while a program ran on that CPU']);
    }
  });

  it('--strict ends with 1 when nobody can tell whether anything was lost', () => {
    expect(runs.unknown.own['samples']).toBeGreaterThan(0);
    expect(ledgerOf(runs.unknown)).toMatchObject({ complete: 'unknown' });
    expect(runs.unknown.code).toBe(1);
    expect(runs.unknown.stderr).toContain('What "sampler_bpf" showed may not be complete: ');
    expect(runs.unknown.stderr).toContain('code: EBPM_EVENTS_LOST');
  });

  it('without --ledger exact the ledger says what nobody counts', () => {
    const { streams, maps, why } = ledgerOf(runs.plain);
    expect(streams).toMatchObject([{ lost: null }]);
    expect(maps).toContainEqual({ name: 'entries', refused: null, full: true });
    expect(why.join('\n')).toContain('what ring buffer "events" refuses when it is full is not counted');
    expect(why.join('\n')).toContain('map "entries" is full');
  });

  it('the ledger counts exactly what a flooded perf buffer lost', () => {
    const { own, events } = runs.perf;
    const { streams, complete, why } = ledgerOf(runs.perf);
    expect(own['refused']).toBeGreaterThan(100);
    expect(streams).toMatchObject([{ kind: 'perf buffer', lost: own['refused'], received: own['sent'] }]);
    expect(events).toBe(own['sent']);
    expect({ complete, why }).toEqual({
      complete: false,
      why: [`${own['refused']} events did not fit into perf buffer "events"`],
    });
  });

  it('--strict ends as usual when nothing was lost', () => {
    expect(runs.quiet.code).toBe(130);
    expect(runs.quiet.stderr).toContain('\n1 event, nothing lost\n');
    expect(ledgerOf(runs.quiet)).toMatchObject({ complete: true, why: [], received: 1, shown: 1 });
  });

  it('--budget detaches programs that take more, says so, and ends with 1', () => {
    expect(runs.budget.code).toBe(1);
    expect(runs.budget.stderr).toContain('code: EBPM_BUDGET_EXCEEDED');
    expect(ledgerOf(runs.budget)).toMatchObject({ ended: 'budget' });
  });

  it('--stats says that it costs, shows counts while it runs, and run times at the end', () => {
    const { stderr } = runs.unknown;
    expect(stderr).toContain('every eBPF program of this machine is a little slower');
    expect(stderr).toMatch(/\n\d+ s: 0 events \(0\/s\), losses unknown, .*, programs \d+\.\d\d% of a core\n/);
    expect(ledgerOf(runs.unknown).programs[0]).toMatchObject({ name: 'sampler', runs: expect.any(Number) });
    expect(ledgerOf(runs.plain).programs[0]).toMatchObject({ runs: null, runTimeNs: null });
  });

  it('ebpm replay prints on another machine what the run printed, its ledger too', () => {
    const path = join(folder, 'recording');
    writeFileSync(path, recording);
    const { status, stdout } = spawnSync(process.execPath, [EBPM, 'replay', '--json', path], { encoding: 'utf8' });
    const lines = stdout.trimEnd().split('\n');
    expect(status).toBe(0);
    expect(lines.length - 1).toBe(runs.perf.own['sent']);
    expect(lines.at(-1)).toBe(runs.perf.ledger);
    expect(JSON.parse(lines[0] ?? '')).toMatchObject({ number: 0, text: '' });
  });

  it('nothing stays in the kernel, our own counting programs neither', () => {
    expect(programsLeft).toEqual([]);
  });
});

function ledgerOf({ ledger }: Observed): CliRunLedger {
  const checked = validate(cliRunLedgerKind, JSON.parse(ledger));
  if (!checked.ok) throw new Error(`the ledger does not fit its schema: ${ledger}`);
  return checked.value;
}
