import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { ensureDebianPackages } from './debian-packages.mjs';
import { npmEnvironment } from './npm-environment.mjs';
import { ROOT, runStep, runTool, say } from './run-step.mjs';

/**
 * Brings a fresh clone to where everything runs: Debian packages, npm packages, the native addon, the build.
 * Each step is skipped when nothing that it depends on has changed.
 *
 * @param parts keys of DEBIAN_PACKAGES
 * @param beside called once the Debian packages are there, to start what may run beside the rest; what it gives is given back
 */
export function setUp(parts, beside = () => undefined) {
  requireNode();
  ensureDebianPackages(parts);
  const started = beside();
  npmPackages();
  nativeAddon();
  runTool('tsc', ['-b']);
  runStep(process.execPath, ['scripts/bundle.mjs']);
  return started;
}

function requireNode() {
  const [major, minor] = process.versions.node.split('.').map(Number);
  if (major > 20 || (major === 20 && minor >= 19)) return;
  say(
    `ebpm needs Node.js 20.19 or newer, and this is ${process.versions.node}. Install a newer one: https://nodejs.org`,
  );
  process.exit(1);
}

function npmPackages() {
  const lock = hash(readFileSync(join(ROOT, 'package-lock.json')));
  onceFor('node_modules/.ebpm-npm', `${lock} ${process.versions.modules}`, () => {
    say('Installing npm packages');
    runStep('npm', ['ci', '--no-fund', '--no-audit'], { env: npmEnvironment(), stdio: ['ignore', 2, 2] });
  });
}

function nativeAddon() {
  const folder = join(ROOT, 'packages/loader');
  const sources = [join(folder, 'binding.gyp'), ...files(join(folder, 'native'))];
  const libbpf = spawnSync('pkg-config', ['--modversion', 'libbpf'], { encoding: 'utf8' }).stdout;
  const state = hash(Buffer.concat(sources.map((path) => readFileSync(path))));
  onceFor('packages/loader/build/.ebpm-native', `${state} ${process.versions.modules} ${libbpf}`, () => {
    say('Building the native addon');
    runStep('npm', ['run', '--silent', 'build:native', '-w', '@ebpm/loader'], {
      env: npmEnvironment(),
      stdio: ['ignore', 2, 2],
    });
  });
}

function onceFor(stamp, state, step) {
  const path = join(ROOT, stamp);
  if (existsSync(path) && readFileSync(path, 'utf8') === state) return;
  step();
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, state);
}

function files(folder) {
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name))
    .sort();
}

function hash(bytes) {
  return createHash('sha256').update(bytes).digest('hex');
}

if (process.argv[1] === new URL(import.meta.url).pathname) setUp(['build', 'compile', 'lab', 'unit']);
