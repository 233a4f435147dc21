import { spawnSync } from 'node:child_process';
import { mkdirSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { ROOT, runStep, say } from './run-step.mjs';
import { setUp } from './setup.mjs';

// `npm run test:node22` and `test:node24`: the unit tests and one kernel test on another Node, which npm brings as a
// package, with the addon as it was built for this one.
const major = process.argv[2] ?? '22';
setUp(['build', 'compile', 'lab']);
const folder = join(ROOT, '.cache/node', major);
mkdirSync(folder, { recursive: true });
say(`Fetching Node ${major}`);
// The runtime alone: the package "node" picks this one by an install script.
const runtime = `node-linux-${process.arch}@${major}`;
runStep('npm', ['install', '--prefix', folder, '--no-save', '--no-package-lock', runtime], { stdio: ['ignore', 2, 2] });
const node = join(folder, `node_modules/node-linux-${process.arch}/bin/node`);
say(`Testing on Node ${spawnSync(node, ['--version'], { encoding: 'utf8' }).stdout.trim()}`);
const vitest = ['node_modules/vitest/vitest.mjs', 'run'];
// The registry's SQLite is compiled for one Node at a time; everything else, ebpm's own addon included, runs on any.
const packages = readdirSync(join(ROOT, 'packages')).filter((name) => name !== 'registry');
say('Leaving out packages/registry, whose better-sqlite3 was compiled for the Node of this clone');
runStep(node, [...vitest, '--project', 'unit', 'schemas/', ...packages.map((name) => `packages/${name}/`)]);
// A lab kernel gets the Node that runs the tests.
runStep(node, [
  ...vitest,
  '--project',
  'kernel',
  'test/kernels/examples.test.ts',
  '-t',
  '6.12.*sigsnoop.*\\[\\] shows',
]);
