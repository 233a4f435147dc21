import { existsSync, mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { cliDiffKind, cliInspectKind, cliListKind, type Kind, validate } from '@ebpm/schemas';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { openWorld, type World } from './open-world.js';
import { runEbpm } from './run-ebpm.js';
import { publishTools } from './tool-world.js';

let world: World;
let env: Record<string, string>;
let cwd: string;

beforeAll(async () => {
  world = await openWorld();
  for (const version of ['1.0.0', '1.1.0']) await publish('tiny', version);
  await publish('gone', '1.0.0');
  await world.takeDown('gone', '1.0.0');
  await publishTools(world, author());
}, 60_000);
beforeEach(() => {
  const home = world.newHome();
  mkdirSync(home);
  env = { HOME: home, EBPM_HOME: join(home, 'ebpm'), EBPM_REGISTRY: world.registry.url };
  cwd = home;
});
afterAll(() => world.close());

function author(): Record<string, string> {
  const home = world.newHome();
  mkdirSync(home);
  return {
    HOME: home,
    EBPM_HOME: join(home, 'ebpm'),
    EBPM_REGISTRY: world.registry.url,
    EBPM_TOKEN: world.token,
  };
}

async function publish(name: string, version: string): Promise<void> {
  const project = world.newProject({ name, version });
  expect(await runEbpm(['publish', project], { env: author() })).toMatchObject({ exitCode: 0 });
}

const run = (...words: readonly string[]) => runEbpm(words, { env, cwd });

async function json<T>(kind: Kind<T>, ...words: readonly string[]): Promise<T> {
  const { stdout, stderr } = await run(...words, '--json');
  const checked = validate(kind, JSON.parse(stdout));
  if (!checked.ok) throw new Error(`${JSON.stringify(checked.problems)} in ${stdout}${stderr}`);
  return checked.value;
}

/** What says which versions are installed, what bare names stand for, and which projects install from here. */
function installation(): unknown {
  return ['installed', 'projects'].map((folder) => {
    const path = join(env['EBPM_HOME'] ?? '', folder);
    const files = existsSync(path) ? readdirSync(path, { recursive: true, encoding: 'utf8' }).sort() : [];
    return files.map((file) => [file, statSync(join(path, file)).mtimeMs]);
  });
}

const NOTHING = [[], []];

/** A project with its ebpm.lock, of which nothing is installed here. */
async function clonedProject(dependencies: Readonly<Record<string, string>>): Promise<string> {
  const project = world.newProject({ name: 'mine', version: '1.0.0', dependencies });
  expect(await runEbpm(['install'], { env: author(), cwd: project })).toMatchObject({ exitCode: 0 });
  return project;
}

describe('versions that are looked at before they are installed', () => {
  it.each(['tiny', 'tiny@1.0.0', 'tiny@^1', 'tiny@latest'])('ebpm inspect %s installs nothing', async (spec) => {
    const { inspected } = await json(cliInspectKind, 'inspect', spec);
    const version = spec === 'tiny@1.0.0' ? '1.0.0' : '1.1.0';
    expect(inspected).toMatchObject({ spec, from: 'registry', name: 'tiny', version, registry: world.registry.url });
    expect(installation()).toEqual(NOTHING);
    expect(await json(cliListKind, 'list')).toEqual({ packages: [] });
  });

  it('ebpm diff of two versions that are not installed installs neither', async () => {
    const { before, after, changes } = await json(cliDiffKind, 'diff', 'tiny@1.0.0', 'tiny@1.1.0');
    expect([before, after]).toMatchObject([
      { from: 'registry', version: '1.0.0' },
      { from: 'registry', version: '1.1.0' },
    ]);
    expect(changes).toEqual([]);
    expect(installation()).toEqual(NOTHING);
  });

  it('ebpm check installs nothing, and says of it what it says once it is installed', async () => {
    const looked = await run('check', 'tiny@1.0.0');
    expect(installation()).toEqual(NOTHING);
    expect((await run('install', 'tiny@1.0.0')).exitCode).toBe(0);
    expect(await run('check', 'tiny@1.0.0')).toEqual(looked);
    expect(looked.stdout).toMatch(/^(RUN|DEGRADED|WILL NOT RUN|UNKNOWN)/m);
  });

  it('ebpm inspect, diff and check leave what is installed, a lockfile and the tools of the user as they are', async () => {
    cwd = world.newProject({ name: 'mine', version: '1.0.0', dependencies: { tiny: '1.0.0' } });
    expect((await run('install')).exitCode).toBe(0);
    expect((await run('install', '--global', 'tiny@1.0.0')).exitCode).toBe(0);
    const files = () => ['ebpm.json', 'ebpm.lock'].map((file) => readFileSync(join(cwd, file), 'utf8'));
    const before = [installation(), files(), (await run('list')).stdout];
    expect((await json(cliInspectKind, 'inspect', 'tiny@^1')).inspected).toMatchObject({ version: '1.1.0' });
    expect((await json(cliDiffKind, 'diff', 'tiny', 'tiny@latest')).before).toMatchObject({ from: 'installed' });
    expect([0, 3, 4, 5]).toContain((await run('check', 'tiny@latest')).exitCode);
    expect([installation(), files(), (await run('list')).stdout]).toEqual(before);
  });

  it('ebpm inspect and check look at the tools that a module needs, and install none of them', async () => {
    const looked = await json(cliInspectKind, 'inspect', 'sums');
    expect(looked.tools).toMatchObject([
      { name: 'execs', version: '1.0.0', asks: [] },
      { name: 'packets', version: '1.0.0', asks: ['sees-packet-payload'] },
    ]);
    expect(looked).not.toHaveProperty('missingTools');
    const checked = await run('check', 'sums');
    expect(checked.stdout).toContain('packets@1.0.0: kernel');
    expect(checked.stdout).not.toContain('not installed');
    expect(installation()).toEqual(NOTHING);
    expect((await run('install', 'sums')).exitCode).toBe(0);
    const { inspected, ...found } = await json(cliInspectKind, 'inspect', 'sums');
    expect({ ...found, inspected: { ...inspected, from: 'registry' } }).toEqual(looked);
    expect(await run('check', 'sums')).toEqual(checked);
  });

  it('ebpm inspect, diff and check look at the version that ebpm.lock names where it is not installed, and ebpm run does not', async () => {
    cwd = await clonedProject({ tiny: '1.0.0' });
    const locked = { name: 'tiny', version: '1.0.0', from: 'registry', registry: world.registry.url };
    for (const spec of ['tiny', 'tiny@1.0.0']) {
      expect((await json(cliInspectKind, 'inspect', spec)).inspected).toMatchObject({ ...locked, spec });
    }
    const { before, after } = await json(cliDiffKind, 'diff', 'tiny', 'tiny@latest');
    expect([before, after]).toMatchObject([locked, { version: '1.1.0' }]);
    for (const spec of ['tiny', 'tiny@^1']) {
      expect((await run('check', spec)).stdout).toMatch(/^(RUN|DEGRADED|WILL NOT RUN|UNKNOWN)/m);
    }
    expect(installation()).toEqual(NOTHING);
    expect((await run('run', 'tiny')).stderr).toContain('hint: Type: ebpm ci\ncode: EBPM_NOT_INSTALLED');
    expect((await run('install', '--global', 'tiny@1.1.0')).exitCode).toBe(0);
    expect((await json(cliInspectKind, 'inspect', 'tiny')).inspected).toMatchObject(locked);
    expect((await json(cliListKind, 'list')).packages).toMatchObject([{ version: '1.1.0' }]);
  });

  it('ebpm inspect looks at a module of ebpm.lock with the tools that it names', async () => {
    cwd = await clonedProject({ sums: '1.0.0' });
    const looked = await json(cliInspectKind, 'inspect', 'sums');
    expect(looked.tools).toMatchObject([
      { name: 'execs', version: '1.0.0' },
      { name: 'packets', version: '1.0.0' },
    ]);
    expect(looked).not.toHaveProperty('missingTools');
    expect(installation()).toEqual(NOTHING);
  });

  it('ebpm inspect, diff and check refuse other bytes than ebpm.lock names', async () => {
    cwd = await clonedProject({ tiny: '1.0.0' });
    const path = join(cwd, 'ebpm.lock');
    const lockfile = JSON.parse(readFileSync(path, 'utf8'));
    lockfile.packages.tiny.digest = `sha256:${'0'.repeat(64)}`;
    writeFileSync(path, JSON.stringify(lockfile));
    for (const words of [
      ['inspect', 'tiny'],
      ['diff', 'tiny', 'tiny@1.1.0'],
      ['check', 'tiny'],
    ]) {
      const { exitCode, stdout, stderr } = await run(...words);
      expect({ exitCode, stdout }).toEqual({ exitCode: 1, stdout: '' });
      expect(stderr).toContain('code: EBPM_LOCKFILE_MISMATCH');
    }
    expect(installation()).toEqual(NOTHING);
  });

  it('ebpm inspect --offline says that the version of ebpm.lock cannot be had', async () => {
    cwd = await clonedProject({ tiny: '1.0.0' });
    expect((await run('inspect', '--offline', 'tiny')).stderr).toContain('code: EBPM_OFFLINE');
    expect((await run('inspect', 'tiny')).exitCode).toBe(0);
    expect((await run('inspect', '--offline', 'tiny')).stdout).toMatch(/^tiny@1\.0\.0 \(registry /);
  });

  it('ebpm inspect --entry looks at that entry', async () => {
    const looked = await json(cliInspectKind, 'inspect', '--entry', 'app.wasm', 'plain');
    expect(looked.tools).toMatchObject([{ name: 'execs' }]);
    expect((await run('inspect', '--entry', 'nope', 'plain')).stderr).toContain('code: EBPM_VARIANT_MISSING');
    expect(installation()).toEqual(NOTHING);
  });

  it('ebpm inspect asks for an archive once, and --offline shows it again until the cache is cleaned', async () => {
    await run('inspect', 'tiny@1.0.0');
    const nowhere = { ...env, EBPM_REGISTRY: 'http://127.0.0.1:1' };
    const again = await runEbpm(['inspect', '--offline', 'tiny@1.0.0'], { env: { ...env }, cwd });
    expect(again).toMatchObject({ exitCode: 0, stdout: expect.stringMatching(/^tiny@1\.0\.0 \(registry /) });
    expect((await runEbpm(['inspect', 'tiny@1.0.0'], { env: nowhere, cwd })).stderr).toContain('REGISTRY_UNREACHABLE');
    expect((await run('cache', 'clean')).stdout).toBe('1 archive is removed\n');
    expect((await run('inspect', '--offline', 'tiny@1.0.0')).stderr).toContain('code: EBPM_OFFLINE');
    expect(installation()).toEqual(NOTHING);
  });

  it.each([
    ['gone@1.0.0', 'EBPM_TAKEN_DOWN'],
    ['tiny@7', 'EBPM_VERSION_NOT_FOUND'],
    ['nope', 'EBPM_PACKAGE_NOT_FOUND'],
  ])('ebpm inspect and check of %s fail with %s, as ebpm install does', async (spec, code) => {
    const said = (await run('install', spec)).stderr;
    expect(said).toContain(`code: ${code}`);
    for (const command of ['inspect', 'check']) {
      expect(await run(command, spec)).toMatchObject({ exitCode: 1, stdout: '', stderr: said });
    }
  });
});
