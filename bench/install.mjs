import { spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { cpus, loadavg, release, tmpdir } from 'node:os';
import { join } from 'node:path';
import { digestOf, packTar } from '@ebpm/formats';
import { EBPM } from './ebpm.mjs';
import { interleave, median } from './median.mjs';
import { ebpmSender, npmSender, oneQueue, publishRate } from './registry/publish.mjs';
import { runEbpm, startEbpm, startVerdaccio } from './registry/servers.mjs';
import { printTable } from './table.mjs';

/** Packages of a project. */
const COUNT = Number(process.env.EBPM_BENCH_PACKAGES ?? 200);
/** What an installation may take of npm's time. */
const AIMS = { cold: 1 / 3, warm: 1 / 4, offline: 1 / 4 };
/** What `ebpm --version` may take beyond Node's own start. */
const OWN_MS = 45;

/** Installing the same archives with ebpm, and with npm from verdaccio, each as a whole process; then `ebpm --version`. */
export async function install({ rounds }) {
  const folder = mkdtempSync(join(tmpdir(), 'ebpm-bench-install-'));
  const place = { store: `file:${join(folder, 'store')}`, keyFile: join(folder, 'key') };
  runEbpm(place, {}, 'user', 'add', 'bench');
  const token = runEbpm(place, {}, 'token', 'create', 'bench');
  const servers = [await startEbpm({ folder, name: 'data', place }), await startVerdaccio(folder)];
  try {
    const [{ url: ours }, { url: theirs }] = servers;
    const names = Array.from({ length: COUNT }, (_, at) => `bench-${at}`);
    // The first one asks for half of them, since a project asks for at most 100 by itself.
    const [own, first] = [names.slice(0, COUNT / 2), names.slice(COUNT / 2)];
    const packages = names.map((name, at) => samplePackage(name, at === 0 ? wishes(first) : {}));
    for (const send of [ebpmSender([ours], token), npmSender(theirs)]) {
      const { accepted } = await publishRate({ next: oneQueue(packages), publishers: 8, seconds: 120, send });
      if (accepted !== COUNT) throw new Error(`${accepted} of ${COUNT} packages were published`);
    }
    const kits = { npm: npmKit(folder, theirs), ebpm: ebpmKit(folder, ours) };
    for (const kit of Object.values(kits)) kit.prepare(wishes(own));
    for (const [way, aim] of Object.entries(AIMS)) await compare({ way, aim, kits, rounds });
    await compareStart(folder, rounds * 3);
  } finally {
    for (const server of servers) await server.stop();
    rmSync(folder, { recursive: true, force: true });
  }
}

async function compare({ way, aim, kits, rounds }) {
  const alternatives = Object.fromEntries(
    Object.entries(kits).map(([name, kit]) => [`${name} ${kit.ways[way].words.join(' ')}`, () => timed(kit, way)]),
  );
  const samples = await interleave(alternatives, rounds);
  printTable(`${COUNT} packages, ${way}`, samples);
  const [npm, ebpm] = Object.values(samples).map(median);
  console.log(`  ebpm to npm: ${(ebpm / npm).toFixed(3)} (aim ${aim.toFixed(3)}), load ${load()}`);
}

async function timed(kit, way) {
  kit.clear();
  kit.ways[way].before();
  return untilEnd(kit, kit.ways[way].words);
}

async function untilEnd({ program, args, cwd, env }, words) {
  const startMs = performance.now();
  const child = spawn(program, [...args, ...words], { cwd, env, stdio: ['ignore', 'ignore', 'inherit'] });
  const [code] = await once(child, 'exit');
  if (code !== 0) throw new Error(`${program} ${words.join(' ')} ended with ${code}`);
  return performance.now() - startMs;
}

/** Cold is without lockfile and cache; warm and offline have both, and what is installed is taken away. */
function npmKit(folder, url) {
  const cwd = join(folder, 'npm-project');
  const cache = join(folder, 'npm-cache');
  const flags = ['--no-audit', '--no-fund', '--ignore-scripts', '--no-progress', '--loglevel', 'error'];
  const remove = (...names) => names.map((name) => rmSync(join(cwd, name), { recursive: true, force: true }));
  return {
    program: 'npm',
    args: [...flags, '--registry', url, '--cache', cache],
    cwd,
    env: { PATH: process.env.PATH, HOME: folder },
    prepare(dependencies) {
      mkdirSync(cwd);
      writeFileSync(join(cwd, 'package.json'), JSON.stringify({ name: 'bench', version: '1.0.0', dependencies }));
    },
    clear: () => remove('node_modules'),
    ways: {
      cold: {
        words: ['install'],
        before: () => {
          remove('package-lock.json');
          rmSync(cache, { recursive: true, force: true });
        },
      },
      warm: { words: ['ci'], before() {} },
      offline: { words: ['ci', '--offline'], before() {} },
    },
  };
}

function ebpmKit(folder, url) {
  const home = join(folder, 'home');
  const project = join(folder, 'project');
  const remove = (path) => rmSync(path, { recursive: true, force: true });
  return {
    program: process.execPath,
    args: [EBPM],
    cwd: project,
    env: { PATH: process.env.PATH, HOME: folder, EBPM_HOME: home, EBPM_REGISTRY: url },
    prepare(dependencies) {
      mkdirSync(project);
      const manifest = { manifest: 1, name: 'bench', version: '1.0.0', dependencies };
      writeFileSync(join(project, 'ebpm.json'), JSON.stringify(manifest));
    },
    clear: () => remove(join(home, 'installed')),
    ways: {
      cold: {
        words: ['install'],
        before: () => {
          remove(join(project, 'ebpm.lock'));
          remove(home);
        },
      },
      warm: { words: ['ci'], before() {} },
      offline: { words: ['ci', '--offline'], before() {} },
    },
  };
}

function wishes(names) {
  return Object.fromEntries(names.map((name) => [name, '1.0.0']));
}

async function compareStart(folder, rounds) {
  const env = { PATH: process.env.PATH, HOME: folder };
  const node = { program: process.execPath, args: [], cwd: folder, env };
  const samples = await interleave(
    {
      'node -e 0': () => untilEnd(node, ['-e', '0']),
      'ebpm --version': () => untilEnd({ ...node, args: [EBPM] }, ['--version']),
    },
    rounds,
  );
  printTable('start', samples);
  const [bare, ebpm] = Object.values(samples).map(median);
  console.log(
    `  ebpm --version takes ${(ebpm - bare).toFixed(1)} ms more than node -e 0 (aim ${OWN_MS}), load ${load()}`,
  );
}

/** One archive that both can install: npm takes what is below its first folder, ebpm what lies at the root. */
function samplePackage(name, dependencies) {
  const version = '1.0.0';
  const manifest = { manifest: 1, name, version, entry: 'package/entry.bin', dependencies };
  const archive = packTar([
    { path: 'ebpm.json', bytes: Buffer.from(JSON.stringify(manifest)) },
    { path: 'package/entry.bin', bytes: randomBytes(17_900) },
    { path: 'package/package.json', bytes: Buffer.from(JSON.stringify({ name, version, dependencies })) },
  ]);
  return { name, version, archive, digest: digestOf(archive), dependencies };
}

function load() {
  return loadavg()
    .map((number) => number.toFixed(1))
    .join(' ');
}

if (process.argv[1] === new URL(import.meta.url).pathname) {
  const cpu = cpus()[0].model;
  const date = new Date().toISOString().slice(0, 10);
  console.log(`${date}, Linux ${release()}, Node ${process.versions.node}, ${cpus().length} x ${cpu}, load ${load()}`);
  await install({ rounds: Number(process.env.EBPM_BENCH_ROUNDS ?? 5) });
}
