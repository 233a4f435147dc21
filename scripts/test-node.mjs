import { spawnSync } from 'node:child_process';
import { mkdirSync } from 'node:fs';
import { createRequire } from 'node:module';
import { delimiter, join } from 'node:path';
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
const sqlite = buildSqlite();
const vitest = (args, env = {}) =>
  runStep(node, ['node_modules/vitest/vitest.mjs', 'run', ...args], { env: { ...process.env, ...env } });
vitest(['--project', 'unit'], { EBPM_TEST_SQLITE: sqlite });
// A lab kernel gets the Node that runs the tests.
vitest(['--project', 'kernel', 'test/kernels/examples.test.ts', '-t', '6.12.*sigsnoop.*\\[\\] shows']);

/** The runtime with its headers, and nothing else: the package "node" picks this one by an install script. */
function fetchRuntime() {
  say(`Fetching Node ${major}`);
  return install('runtime', `node-linux-${process.arch}`, major);
}

/** SQLite's addon is compiled for one Node at a time, so this one gets its own, made with its headers and by its node-gyp. */
function buildSqlite() {
  const { version } = createRequire(import.meta.url)('better-sqlite3/package.json');
  say(`Building better-sqlite3 ${version} for it`);
  const env = {
    ...process.env,
    PATH: `${join(runtime, 'bin')}${delimiter}${process.env.PATH}`,
    npm_config_nodedir: runtime,
    npm_config_build_from_source: 'true',
  };
  return install('sqlite', 'better-sqlite3', version, env);
}

/** Installs one package of npm into a folder of its own, which keeps it for the next time, and gives its path. */
function install(name, pkg, version, env = process.env) {
  const prefix = join(folder, name);
  mkdirSync(prefix, { recursive: true });
  const args = ['install', '--prefix', prefix, '--no-save', '--no-package-lock', `${pkg}@${version}`];
  runStep('npm', args, { env, stdio: ['ignore', 2, 2] });
  return join(prefix, 'node_modules', pkg);
}
