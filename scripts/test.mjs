import { spawn } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { checkAll } from './checks.mjs';
import { ending } from './passed-failed-reporter.mjs';
import { ROOT, runStep, say } from './run-step.mjs';
import { setUp } from './setup.mjs';

// `npm test`: set-up, the checks of the repository, then every test but those of `npm run soak`. Ends with `N passed, N failed`.
const libraries = setUp(['build', 'compile', 'lab', 's3', 'unit', 'test', 'prebuild'], startLibraries);
checkAll();
if ((await libraries) !== 0) process.exit(1);
// What a release is made of, since it is tested, too.
runStep(process.execPath, ['scripts/dist.mjs']);
say('Running all tests');
/** Kinds of test that run one after another. Two of these groups run at a time, the longest first, so that both cores have work until the end. */
const GROUPS = [['kernel'], ['unit', 'fuzz'], ['faults'], ['e2e'], ['prebuilt', 'published']];
const AT_A_TIME = 2;
const folder = mkdtempSync(join(tmpdir(), 'ebpm-test-'));
try {
  const waiting = [...GROUPS];
  const groups = (await Promise.all(Array.from({ length: AT_A_TIME }, () => runWaiting(waiting)))).flat();
  const sum = (name) => groups.reduce((total, group) => total + group[name], 0);
  const failures = groups.flatMap((group) => group.failures);
  console.log(`\n${ending({ passed: sum('passed'), failed: sum('failed'), skipped: sum('skipped'), failures })}`);
  process.exitCode = groups.some(({ code }) => code !== 0) || sum('failed') > 0 ? 1 : 0;
} finally {
  rmSync(folder, { recursive: true });
}

/** The libraries of the prebuilt addon take a minute, need nothing from npm, and so are made beside the rest. */
function startLibraries() {
  const child = spawn(process.execPath, ['scripts/prebuild.mjs', 'libraries'], {
    cwd: ROOT,
    stdio: ['ignore', 2, 2],
  });
  // Where another step fails, this one is to end as well.
  process.once('exit', () => child.kill());
  return new Promise((resolve) => child.once('exit', (status) => resolve(status ?? 1)));
}

/** Takes one group after another until none is left. */
async function runWaiting(waiting) {
  const results = [];
  for (let group = waiting.shift(); group !== undefined; group = waiting.shift()) results.push(await runGroup(group));
  return results;
}

/** Runs vitest on some projects; a group that ends without its counts has failed. */
async function runGroup(projects) {
  const counts = join(folder, projects.join('-'));
  const args = ['node_modules/vitest/vitest.mjs', 'run', ...projects.flatMap((name) => ['--project', name])];
  const chosen = process.argv.slice(2);
  // What is chosen may lie in another group.
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
