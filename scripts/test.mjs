import { spawn } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { checkAll } from './checks.mjs';
import { ending } from './passed-failed-reporter.mjs';
import { ROOT, runStep, say } from './run-step.mjs';
import { setUp } from './setup.mjs';

// `npm test`: set-up, the checks of the repository, then every test but those of `npm run soak`. Ends with `N passed, N failed`.
setUp(['build', 'compile', 'lab', 's3', 'unit', 'test', 'prebuild']);
checkAll();
// What a release is made of, since it is tested, too.
runStep(process.execPath, ['scripts/dist.mjs']);
say('Running all tests');
/** An emulated kernel keeps one core busy, processes and servers the other. */
const SIDES = [
  ['unit', 'e2e', 'fuzz'],
  ['kernel', 'prebuilt', 'published'],
];
const folder = mkdtempSync(join(tmpdir(), 'ebpm-test-'));
try {
  const sides = await Promise.all(SIDES.map(runSide));
  const sum = (name) => sides.reduce((total, side) => total + side[name], 0);
  const failures = sides.flatMap((side) => side.failures);
  console.log(`\n${ending({ passed: sum('passed'), failed: sum('failed'), skipped: sum('skipped'), failures })}`);
  process.exitCode = sides.some(({ code }) => code !== 0) || sum('failed') > 0 ? 1 : 0;
} finally {
  rmSync(folder, { recursive: true });
}

/** Runs vitest on some projects; a side that ends without its counts has failed. */
async function runSide(projects, index) {
  const counts = join(folder, String(index));
  const args = ['node_modules/vitest/vitest.mjs', 'run', ...projects.flatMap((name) => ['--project', name])];
  const chosen = process.argv.slice(2);
  // What is chosen may lie on the other side.
  if (chosen.length > 0) args.push('--passWithNoTests', ...chosen);
  const child = spawn(process.execPath, args, {
    cwd: ROOT,
    stdio: ['ignore', 'inherit', 'inherit'],
    env: { ...process.env, EBPM_TEST_COUNTS: counts },
  });
  const code = await new Promise((resolve) => child.once('exit', (status) => resolve(status ?? 1)));
  try {
    return { code, ...JSON.parse(readFileSync(counts, 'utf8')) };
  } catch (error) {
    if (error.code !== 'ENOENT') throw error;
    const failures = [`${projects.join(', ')}: vitest ended with ${code} before its end`];
    return { code, passed: 0, failed: 1, skipped: 0, failures };
  }
}
