import { spawnSync } from 'node:child_process';
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { ROOT, runStep, say } from './run-step.mjs';
import { setUp } from './setup.mjs';

// `npm run test:node22` and `test:node24`: the unit tests and one kernel test on another Node, which npm brings as a
// package, with the addon as it was built for this one.
const major = process.argv[2] ?? '22';
setUp(['build', 'compile', 'lab', 'unit']);
const folder = join(ROOT, '.cache/node', major);
const runtime = fetchRuntime();
const node = join(runtime, 'bin/node');
say(`Testing on Node ${spawnSync(node, ['--version'], { encoding: 'utf8' }).stdout.trim()}`);
const vitest = (args) => runStep(node, ['node_modules/vitest/vitest.mjs', 'run', ...args]);
vitest(['--project', 'unit']);
// A lab kernel gets the Node that runs the tests.
vitest(['--project', 'kernel', 'test/kernels/examples.test.ts', '-t', '6.12.*sigsnoop.*\\[\\] shows']);

/** The runtime alone, kept for the next time: the package "node" picks this one by an install script. */
function fetchRuntime() {
  say(`Fetching Node ${major}`);
  const pkg = `node-linux-${process.arch}`;
  const prefix = join(folder, 'runtime');
  mkdirSync(prefix, { recursive: true });
  const args = ['install', '--prefix', prefix, '--no-save', '--no-package-lock', `${pkg}@${major}`];
  runStep('npm', args, { stdio: ['ignore', 2, 2] });
  return join(prefix, 'node_modules', pkg);
}
