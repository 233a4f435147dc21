import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { runInLab } from '@ebpm/lab';
import { compileBpf } from './compile.mjs';
import { median } from './median.mjs';

const ROOT = fileURLToPath(new URL('..', import.meta.url));
/** Events of one run. */
const EVENTS = 20_000;
const OBJECT = '/bench/ring-event.bpf.o';

/**
 * What `--ledger exact` costs for an event: the run time of a program that sends one, as the kernel counts it, with and without.
 * It is measured in a lab kernel, since not every machine lets programs attach to the kernel's functions.
 */
export async function ledgerCost({ folder, rounds }) {
  const object = compileBpf('ring-event', folder);
  const flood = join(folder, 'flood');
  execFileSync('cc', ['-static', '-O2', '-o', flood, join(ROOT, 'test/kernels/flood.c')]);
  const turns = Array.from({ length: rounds }, (_, round) =>
    ['plain', 'exact'].map((ledger) => [ledger, round]),
  ).flat();
  const runs = Object.fromEntries(
    turns.map(([ledger, round]) => [
      `${ledger} ${round}`,
      { words: ['--json', '--stats', '--ledger', ledger, '--event-type', 'event', OBJECT], calls: EVENTS },
    ]),
  );
  const request = { ebpm: ['node', '/opt/ebpm/bundle/main.js'], flood: '/bench/flood', runs };
  const { results } = await runInLab({
    kernel: '6.12',
    cacheDir: join(ROOT, '.cache/lab'),
    command: ['node', '/bench/ledger.mjs', '/bench/request', '/bench/result'],
    files: {
      '/opt/ebpm/package.json': join(ROOT, 'packages/cli/package.json'),
      '/opt/ebpm/bundle': join(ROOT, 'packages/cli/bundle'),
      [OBJECT]: readFileSync(object),
      '/bench/flood': flood,
      '/bench/ledger.mjs': join(ROOT, 'test/kernels/ledger.mjs'),
      '/bench/request': Buffer.from(JSON.stringify(request)),
    },
    results: ['/bench/result'],
  });
  const observed = JSON.parse(Buffer.from(results['/bench/result']).toString('utf8'));
  const perRun = (ledger) =>
    turns.flatMap(([which, round]) => {
      if (which !== ledger) return [];
      const run = observed[`${ledger} ${round}`];
      // A run that failed has printed its error, and no ledger.
      if (run.code !== 130) throw new Error(`ebpm ended with ${run.code}: ${run.stderr}`);
      const { programs } = JSON.parse(run.ledger);
      return [programs[0].runTimeNs / programs[0].runs];
    });
  const plain = median(perRun('plain'));
  const exact = median(perRun('exact'));
  console.log(`\nan event into a ring buffer, run time of its program (Linux 6.12, emulated in software)`);
  console.log(`  --ledger plain  ${plain.toFixed(0).padStart(7)} ns  x 1.00   (${rounds} runs)`);
  console.log(
    `  --ledger exact  ${exact.toFixed(0).padStart(7)} ns  x ${(exact / plain).toFixed(2)}   (${rounds} runs)`,
  );
}
