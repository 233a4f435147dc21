import { chownSync, existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import {
  cliBundleKind,
  cliCacheCleanKind,
  cliCacheVerifyKind,
  cliErrorKind,
  cliInstallKind,
  cliListKind,
  cliOutdatedKind,
  cliPruneKind,
  cliUninstallKind,
  cliUpdateKind,
  cliWhyKind,
  type Kind,
  type Lockfile,
  lockfileKind,
  validate,
} from '@ebpm/schemas';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { versionPath, writeRecordText } from './installed-version.js';
import { openWorld, type World } from './open-world.js';
import type { CommandResult } from './registry-process.js';
import { runEbpm } from './run-ebpm.js';

let world: World;

beforeAll(async () => {
  world = await openWorld();
  await publish('lib', '1.0.0');
  await publish('tool', '1.0.0', { dependencies: { lib: '^1.0.0' } });
  await publish('other', '1.0.0', { dependencies: { lib: '<1.2.0' }, kernel: '>=5.8' });
});
afterAll(() => world.close());

/** Somebody's project, and the home that its packages are installed into. */
class Project {
  readonly folder: string;
  readonly home = world.newHome();

  constructor(dependencies: Readonly<Record<string, string>>) {
    this.folder = world.newProject({ name: 'mine' });
    this.ask(dependencies);
  }

  ask(dependencies: Readonly<Record<string, string>>): void {
    const manifest = { manifest: 1, name: 'mine', version: '1.0.0', dependencies };
    writeFileSync(join(this.folder, 'ebpm.json'), JSON.stringify(manifest));
  }

  run(...args: readonly string[]): Promise<CommandResult> {
    return runEbpm(args, { cwd: this.folder, env: { EBPM_HOME: this.home, EBPM_REGISTRY: world.registry.url } });
  }

  async json<T>(kind: Kind<T>, ...args: readonly string[]): Promise<T> {
    const { exitCode, stdout, stderr } = await this.run(...args, '--json');
    expect({ exitCode, stderr }).toEqual({ exitCode: 0, stderr: '' });
    return valid(kind, stdout);
  }

  async failure(...args: readonly string[]): Promise<string> {
    const { exitCode, stdout } = await this.run(...args, '--json');
    return `${valid(cliErrorKind, stdout).error.code} ${exitCode}`;
  }

  get lockfile(): Lockfile {
    return valid(lockfileKind, readFileSync(join(this.folder, 'ebpm.lock'), 'utf8'));
  }

  /** The locked versions by name. */
  get versions(): Readonly<Record<string, string>> {
    return Object.fromEntries(Object.entries(this.lockfile.packages).map(([name, { version }]) => [name, version]));
  }
}

describe('ebpm install, ci, update in a project', () => {
  it('ebpm install chooses versions, installs them and writes them into ebpm.lock; ci installs the same elsewhere', async () => {
    const project = new Project({ tool: '^1.0.0', other: '*' });
    const { packages } = await project.json(cliInstallKind, 'install');
    expect(packages.map(({ name, version, already }) => `${name}@${version} ${already}`)).toEqual([
      'lib@1.0.0 false',
      'other@1.0.0 false',
      'tool@1.0.0 false',
    ]);
    expect(project.lockfile).toMatchObject({
      requires: { tool: '^1.0.0', other: '*' },
      packages: { tool: { version: '1.0.0', registry: world.registry.url, dependencies: { lib: '^1.0.0' } } },
    });
    const elsewhere = new Project({ tool: '^1.0.0', other: '*' });
    expect(await elsewhere.failure('ci')).toBe('EBPM_LOCKFILE_MISSING 1');
    const text = readFileSync(join(project.folder, 'ebpm.lock'));
    writeFileSync(join(elsewhere.folder, 'ebpm.lock'), text);
    expect((await elsewhere.json(cliInstallKind, 'ci')).packages.map(({ digest }) => digest)).toEqual(
      packages.map(({ digest }) => digest),
    );
    expect(readFileSync(join(elsewhere.folder, 'ebpm.lock'))).toEqual(text);
    const sound = { versions: 3, contents: 3, problems: [], unused: [] };
    expect(await elsewhere.json(cliCacheVerifyKind, 'cache', 'verify')).toEqual(sound);
    await elsewhere.json(cliCacheCleanKind, 'cache', 'clean');
    writeRecordText(elsewhere.home, 'lib@1.0.0', '{');
    expect(await elsewhere.run('cache', 'verify')).toMatchObject({
      exitCode: 1,
      stdout:
        'lib@1.0.0: its record cannot be read\n3 versions, 3 archives, 1 of them unused (ebpm cache clean), 1 problem\n',
    });
  });

  it('ebpm install keeps what is locked when something newer is published, update takes it, outdated and why say so', async () => {
    const project = new Project({ tool: '^1.0.0' });
    await project.json(cliInstallKind, 'install');
    await publish('lib', '1.1.0');
    await publish('lib', '2.0.0');
    expect((await project.json(cliInstallKind, 'install')).packages.every(({ already }) => already)).toBe(true);
    expect(project.versions).toEqual({ lib: '1.0.0', tool: '1.0.0' });
    expect(await project.json(cliOutdatedKind, 'outdated')).toEqual({
      packages: [{ name: 'lib', current: '1.0.0', wanted: '1.1.0', latest: '2.0.0', yanked: false }],
    });
    expect(await project.json(cliUpdateKind, 'update', 'lib')).toEqual({
      changes: [{ name: 'lib', from: '1.0.0', to: '1.1.0' }],
    });
    expect((await project.run('update')).stdout).toBe('Everything is as new as it may be\n');
    expect(await project.json(cliWhyKind, 'why', 'lib')).toEqual({
      name: 'lib',
      version: '1.1.0',
      askers: [{ by: { name: 'tool', version: '1.0.0' }, range: '^1.0.0', chain: ['tool'] }],
    });
    expect((await project.run('why', 'lib')).stdout).toBe('lib@1.1.0\n  this project > tool@1.0.0 asks for ^1.0.0\n');
    expect(await project.failure('why', 'other')).toBe('EBPM_NOT_INSTALLED 1');
    expect(await project.failure('why', 'constructor')).toBe('EBPM_NOT_INSTALLED 1');
  });

  it('ebpm list says which projects need a version, and that none does any more', async () => {
    const project = new Project({ lib: '1.0.0' });
    await project.json(cliInstallKind, 'install');
    const { packages } = await project.json(cliListKind, 'list');
    expect(packages).toMatchObject([{ name: 'lib', asked: false, neededBy: [], projects: [project.folder] }]);
    expect((await project.run('list')).stdout).toMatch(/\ta project\n$/);
    rmSync(join(project.folder, 'ebpm.lock'));
    expect(await project.json(cliListKind, 'list')).toMatchObject({ packages: [{ name: 'lib', projects: [] }] });
    expect((await project.run('list')).stdout).toMatch(/\tnothing \(ebpm prune\)\n$/);
  });

  it('ebpm install NAME lets the project depend on a package, or changes nothing', async () => {
    const project = new Project({ lib: '1.0.0' });
    const read = () => JSON.parse(readFileSync(join(project.folder, 'ebpm.json'), 'utf8')).dependencies;
    await project.json(cliInstallKind, 'install', 'tool');
    expect(read()).toEqual({ lib: '1.0.0', tool: '^1.0.0' });
    expect(project.versions).toEqual({ lib: '1.0.0', tool: '1.0.0' });
    expect(await project.failure('install', '--save', 'lib@^3')).toBe('EBPM_RESOLVE_CONFLICT 1');
    expect(read()).toEqual({ lib: '1.0.0', tool: '^1.0.0' });
    expect((await project.json(cliInstallKind, 'ci')).packages).toHaveLength(2);
  });

  it('ebpm uninstall NAME takes a dependency out of the project, and says who else asks for it', async () => {
    const project = new Project({ tool: '^1.0.0', lib: '1.0.0' });
    await project.json(cliInstallKind, 'install');
    const read = () => JSON.parse(readFileSync(join(project.folder, 'ebpm.json'), 'utf8')).dependencies;
    expect(await project.json(cliUninstallKind, 'uninstall', 'lib')).toEqual({
      packages: [{ name: 'lib', removed: [], kept: [], project: { range: '1.0.0', neededBy: ['tool@1.0.0'] } }],
      dropped: [],
    });
    expect(read()).toEqual({ tool: '^1.0.0' });
    expect(project.lockfile.requires).toEqual({ tool: '^1.0.0' });
    expect(project.versions).toEqual({ lib: '1.0.0', tool: '1.0.0' });
    expect((await project.json(cliInstallKind, 'ci')).packages).toHaveLength(2);
    const again = await project.run('uninstall', 'lib');
    expect(again).toMatchObject({ exitCode: 1, stdout: '' });
    expect(again.stderr).toContain('the ebpm.json here does not ask for it, and tool@1.0.0 does\n');
    expect((await project.run('uninstall', 'toll')).stderr).toContain('hint: Did you mean "tool"?\n');
    expect(await project.failure('uninstall', 'tool@^2')).toBe('EBPM_NOT_INSTALLED 1');
    const { stdout } = await project.run('uninstall', 'tool');
    expect(stdout).toBe(
      'tool ^1.0.0 is out of ebpm.json\nlib@1.0.0 is out of ebpm.lock\ntool@1.0.0 is out of ebpm.lock\nWhat nothing else needs leaves the store with: ebpm prune\n',
    );
    expect(project.lockfile).toEqual({ lockfile: 1, requires: {}, packages: {} });
    expect((await project.run('prune')).stdout).toContain('lib@1.0.0\ntool@1.0.0\n');
  });

  it('ebpm uninstall takes several dependencies out of the project at once, or none where one is not there', async () => {
    const project = new Project({ tool: '^1.0.0', lib: '1.0.0', headers: '^1.0.0' });
    await publish('headers', '1.0.0');
    await project.json(cliInstallKind, 'install');
    const files = () => ['ebpm.json', 'ebpm.lock'].map((file) => readFileSync(join(project.folder, file), 'utf8'));
    const before = files();
    for (const wrong of ['nosuch', 'tool@^2']) {
      const { exitCode, stdout, stderr } = await project.run('uninstall', 'lib', wrong, 'headers');
      expect({ exitCode, stdout }).toEqual({ exitCode: 1, stdout: '' });
      expect(stderr).toMatch(new RegExp(`^error: Cannot uninstall "${wrong.replace('^', '\\^')}": `));
      expect(files()).toEqual(before);
    }
    const listed = (await project.run('list')).stdout;
    const result = await project.json(cliUninstallKind, 'uninstall', 'lib', 'headers', 'tool', 'lib@1.0.0');
    expect(result).toEqual({
      packages: [
        { name: 'lib', removed: [], kept: [], project: { range: '1.0.0', neededBy: [] } },
        { name: 'headers', removed: [], kept: [], project: { range: '^1.0.0', neededBy: [] } },
        { name: 'tool', removed: [], kept: [], project: { range: '^1.0.0', neededBy: [] } },
      ],
      dropped: ['headers@1.0.0', 'lib@1.0.0', 'tool@1.0.0'],
    });
    expect(project.lockfile).toEqual({ lockfile: 1, requires: {}, packages: {} });
    expect(JSON.parse(files()[0] ?? '').dependencies).toEqual({});
    expect((await project.run('list')).stdout.split('\n')).toHaveLength(listed.split('\n').length);
  });

  it('ebpm uninstall says who else asks for a package, in words', async () => {
    const project = new Project({ tool: '^1.0.0', lib: '1.0.0' });
    await project.json(cliInstallKind, 'install');
    expect((await project.run('uninstall', 'lib')).stdout).toBe(
      'lib 1.0.0 is out of ebpm.json\nebpm.lock goes on having lib: tool@1.0.0 asks for ^1.0.0\n',
    );
  });

  it.each([['--no-save'], ['--global'], ['-g']])(
    'ebpm uninstall %s NAME removes it from the store, leaves the project as it is, and warns',
    async (flag) => {
      const project = new Project({ lib: '1.0.0' });
      await project.json(cliInstallKind, 'install');
      const before = ['ebpm.json', 'ebpm.lock'].map((file) => readFileSync(join(project.folder, file), 'utf8'));
      const { stdout, stderr } = await project.run('uninstall', flag, 'lib');
      expect(stdout).toBe('lib@1.0.0 is removed\n');
      expect(stderr).toContain(`${project.folder}/ebpm.lock names lib@1.0.0`);
      const after = ['ebpm.json', 'ebpm.lock'].map((file) => readFileSync(join(project.folder, file), 'utf8'));
      expect(after).toEqual(before);
    },
  );

  it('ebpm list, uninstall and prune tell of a lockfile that cannot be read, and prune removes nothing', async () => {
    const project = new Project({ tool: '^1.0.0' });
    await project.json(cliInstallKind, 'install');
    const path = join(project.folder, 'ebpm.lock');
    const saved = readFileSync(path);
    writeFileSync(path, '{');
    const warning = `warning: Cannot read "${path}": `;
    const listed = await project.run('list');
    expect(listed.stderr).toContain(warning);
    expect(listed.stdout).toContain('nothing that is known');
    expect(listed.stdout).not.toContain('ebpm prune');
    expect(await project.failure('prune')).toBe('EBPM_LOCKFILE_INVALID 1');
    expect((await project.run('list')).stdout).toBe(listed.stdout);
    const removed = await project.run('uninstall', '--global', 'tool');
    expect(removed).toMatchObject({ exitCode: 0, stdout: 'tool@1.0.0 is removed\n' });
    expect(removed.stderr).toContain(warning);
    writeFileSync(path, saved);
    expect((await project.run('list')).stderr).toBe('');
    expect((await project.run('prune')).stdout).toBe('There is nothing to remove\n');
  });

  it('ebpm update refuses a name that the project has not, and says which is meant', async () => {
    const project = new Project({ tool: '^1.0.0' });
    await project.json(cliInstallKind, 'install');
    expect(await project.failure('update', 'nosuch')).toBe('EBPM_NOT_INSTALLED 1');
    expect(await project.failure('update', 'tool', 'constructor')).toBe('EBPM_NOT_INSTALLED 1');
    expect((await project.run('update', 'toool')).stderr).toContain('hint: Did you mean "tool"?\n');
    // What the lockfile does not have yet is chosen.
    project.ask({ tool: '^1.0.0', other: '*' });
    expect(await project.json(cliUpdateKind, 'update', 'other')).toMatchObject({ changes: [{ name: 'other' }] });
  });

  it.each([['--no-save'], ['--global'], ['-g']])('ebpm install %s NAME leaves the project as it is', async (flag) => {
    const project = new Project({});
    const { packages } = await project.json(cliInstallKind, 'install', flag, 'lib@1.0.0');
    expect(packages).toMatchObject([{ name: 'lib', version: '1.0.0', current: true }]);
    expect(JSON.parse(readFileSync(join(project.folder, 'ebpm.json'), 'utf8')).dependencies).toEqual({});
    expect(existsSync(join(project.folder, 'ebpm.lock'))).toBe(false);
    expect(await project.failure('install', '--global')).toBe('EBPM_USAGE_INVALID 2');
    expect(await project.failure('install', '--global', '--save', 'lib')).toBe('EBPM_USAGE_INVALID 2');
  });

  it('ebpm install explains a conflict by who asked for what, and writes nothing', async () => {
    const project = new Project({ tool: '*', lib: '^3.0.0' });
    const { exitCode, stderr } = await project.run('install');
    expect(exitCode).toBe(1);
    expect(stderr).toContain('  you ask for lib ^3.0.0: there is no such version\n');
    expect(stderr).toContain('code: EBPM_RESOLVE_CONFLICT');
    expect(existsSync(join(project.folder, 'ebpm.lock'))).toBe(false);
    expect(readdirSync(project.home)).toEqual(['trust']);
  });

  it('ebpm build gives clang the headers that a project depends on, as the lockfile has them', async () => {
    const headers = world.newProject({ name: 'counters', entry: [] });
    mkdirSync(join(headers, 'include/counters'), { recursive: true });
    writeFileSync(join(headers, 'include/counters/length.h'), '#define LENGTH 1\n');
    const env = { EBPM_HOME: world.newHome(), EBPM_REGISTRY: world.registry.url, EBPM_TOKEN: world.token };
    expect(await runEbpm(['publish', headers], { env })).toMatchObject({ exitCode: 0 });
    const project = new Project({ counters: '^1.0.0' });
    writeFileSync(join(project.folder, 'vmlinux.h'), '');
    const program = '__attribute__((section("socket"), used)) int on_packet(void *packet) { return LENGTH; }\n';
    writeFileSync(join(project.folder, 'mine.bpf.c'), `#include <counters/length.h>\n${program}`);
    expect(await project.failure('build')).toBe('EBPM_LOCKFILE_MISSING 1');
    expect((await project.json(cliInstallKind, 'install')).packages.map(({ name }) => name)).toEqual(['counters']);
    expect((await project.json(cliInstallKind, 'install')).packages[0]?.already).toBe(true);
    expect(await project.run('build')).toMatchObject({ exitCode: 0, stderr: '' });
    expect((await project.run('run', 'counters')).stderr).toContain('code: EBPM_ENTRY_NONE');
    rmSync(join(project.home, 'installed'), { recursive: true });
    expect(await project.failure('build')).toBe('EBPM_NOT_INSTALLED 1');
  });

  it('ebpm inspect and check of what is not installed install nothing, ebpm run does, and none changes a project', async () => {
    const project = new Project({});
    const path = join(project.folder, 'ebpm.json');
    const before = readFileSync(path, 'utf8');
    for (const command of ['inspect', 'check']) await project.run(command, 'lib');
    expect(existsSync(join(project.home, 'installed'))).toBe(false);
    await project.run('run', 'lib', '--help');
    const versions = readdirSync(join(project.home, 'installed')).filter((file) => file.endsWith('.tar'));
    expect(versions).toEqual([expect.stringMatching(/^lib@/)]);
    expect(readFileSync(path, 'utf8')).toBe(before);
    expect(existsSync(join(project.folder, 'ebpm.lock'))).toBe(false);
  });

  it('ebpm install takes a yanked version only where the lockfile has it', async () => {
    await publish('yanked', '1.0.0');
    await publish('yanked', '1.1.0');
    const project = new Project({ yanked: '^1.0.0' });
    await project.json(cliInstallKind, 'install');
    await yank('yanked', '1.1.0');
    await project.json(cliInstallKind, 'ci');
    expect(project.versions).toEqual({ yanked: '1.1.0' });
    expect((await project.json(cliOutdatedKind, 'outdated')).packages).toMatchObject([
      { name: 'yanked', yanked: true },
    ]);
    const fresh = new Project({ yanked: '^1.0.0' });
    await fresh.json(cliInstallKind, 'install');
    expect(fresh.versions).toEqual({ yanked: '1.0.0' });
    const { stderr } = await new Project({ yanked: '1.1.0' }).run('install');
    expect(stderr).toContain('code: EBPM_RESOLVE_CONFLICT');
    expect(stderr).toContain(
      '  you ask for yanked 1.1.0: 1.1.0 was yanked, and only an ebpm.lock that has it keeps it\n',
    );
  });

  it('ebpm install explains a conflict by what became of each version, and by what nearly has the name', async () => {
    await publish('gone', '1.0.0');
    await publish('gone', '1.1.0');
    await publish('wants', '1.0.0', { dependencies: { gone: '^1.1.0' } });
    await publish('misspells', '1.0.0', { dependencies: { wnats: '^1.0.0' } });
    await world.takeDown('gone', '1.1.0');
    const log = async (project: Project, ...words: readonly string[]) => {
      const { stdout } = await project.run(...words, '--json');
      const { code, data } = valid(cliErrorKind, stdout).error;
      expect(code).toBe('EBPM_RESOLVE_CONFLICT');
      return data?.['log'];
    };
    expect(await log(new Project({ wants: '*' }), 'install')).toEqual([
      'you ask for wants *',
      'wants 1.0.0 asks for gone ^1.1.0: 1.1.0 was taken down',
    ]);
    expect(await log(new Project({ wnats: '*' }), 'install')).toEqual([
      `you ask for wnats *: "${world.registry.url}" does not have it; did you mean "wants"?`,
    ]);
    const tool = ['you ask for wants 1.0.0', 'wants 1.0.0 asks for gone ^1.1.0: 1.1.0 was taken down'];
    expect(await log(new Project({}), 'install', '--global', 'wants')).toEqual(tool);
    // A run installs in a process of its own.
    const run = await new Project({}).run('run', 'misspells');
    expect(run.stderr).toContain('  you ask for misspells 1.0.0\n  misspells 1.0.0 asks for wnats ^1.0.0: ');
    expect(run.stderr).toContain('did you mean "wants"?\n');
    await world.takeDown('gone', '1.0.0');
    expect(await log(new Project({ gone: '*' }), 'install')).toEqual([
      'you ask for gone *: 1.0.0, 1.1.0: each was taken down',
    ]);
    expect(await new Project({}).failure('install', '--global', 'gone@1.0.0')).toBe('EBPM_TAKEN_DOWN 1');
  });

  it('ebpm install --for-kernel leaves versions out whose authors claim other kernels', async () => {
    const project = new Project({ other: '*' });
    expect(await project.failure('install', '--for-kernel', '5.4')).toBe('EBPM_RESOLVE_CONFLICT 1');
    await project.json(cliInstallKind, 'install', '--for-kernel', '6.1');
    expect(project.versions).toMatchObject({ other: '1.0.0' });
    expect(await project.failure('install', '--for-kernel', 'six')).toBe('EBPM_USAGE_INVALID 2');
    expect(await project.failure('install', '--global', 'other', '--for-kernel', '6.1')).toBe('EBPM_USAGE_INVALID 2');
  });

  it('ebpm ci refuses a lockfile that does not fit, that is none, and bytes that it does not name', async () => {
    const project = new Project({ tool: '^1.0.0' });
    await project.json(cliInstallKind, 'install');
    const good = project.lockfile;
    const write = (text: string): void => writeFileSync(join(project.folder, 'ebpm.lock'), text);
    project.ask({ tool: '^2.0.0' });
    expect(await project.failure('ci')).toBe('EBPM_LOCKFILE_STALE 1');
    project.ask({ tool: '^1.0.0' });
    const { tool, lib } = good.packages;
    write(JSON.stringify({ ...good, packages: { tool } }));
    expect(await project.failure('ci')).toBe('EBPM_LOCKFILE_STALE 1');
    write('{');
    expect(await project.failure('ci')).toBe('EBPM_LOCKFILE_INVALID 1');
    write(JSON.stringify({ ...good, packages: { tool, lib: { ...lib, digest: `sha256:${'0'.repeat(64)}` } } }));
    const elsewhere = new Project({ tool: '^1.0.0' });
    writeFileSync(join(elsewhere.folder, 'ebpm.lock'), readFileSync(join(project.folder, 'ebpm.lock')));
    expect(await elsewhere.failure('ci')).toBe('EBPM_LOCKFILE_MISMATCH 1');
    expect(existsSync(versionPath(elsewhere.home, 'lib@1.0.0'))).toBe(false);
  });

  it('ebpm run takes the version that the lockfile names, and nobody else’s lockfile', async () => {
    await publish('runs', '1.0.0');
    const project = new Project({ runs: '1.0.0' });
    await project.json(cliInstallKind, 'install');
    await publish('runs', '2.0.0');
    await project.run('install', '--global', 'runs@2.0.0');
    expect((await project.run('inspect', 'runs')).exitCode).toBe(0);
    const gone = await project.run('uninstall', '--global', 'runs@1.0.0');
    expect(gone).toMatchObject({ exitCode: 0, stdout: 'runs@1.0.0 is removed\n' });
    expect(gone.stderr).toBe(
      `warning: ${project.folder}/ebpm.lock names runs@1.0.0: ebpm ci there installs it again\n`,
    );
    // 2.0.0 is installed and what the bare name stands for elsewhere.
    expect((await project.run('run', 'runs')).stderr).toContain('code: EBPM_NOT_INSTALLED');
    expect((await project.run('inspect', 'runs')).stdout).toMatch(/^runs@1\.0\.0 \(registry /);
    expect((await project.run('inspect', 'runs@2.0.0')).exitCode).toBe(0);
    if (process.getuid?.() === 0) {
      chownSync(join(project.folder, 'ebpm.lock'), 12345, 12345);
      expect(await project.failure('inspect', 'runs')).toBe('EBPM_LOCKFILE_INVALID 1');
    }
  });

  it('ebpm installs, checks and runs offline what is in the store, and names what is not', async () => {
    const project = new Project({ tool: '^1.0.0' });
    await project.json(cliInstallKind, 'install');
    await project.run('uninstall', '-g', 'lib');
    const { versions } = project;
    rmSync(join(project.folder, 'ebpm.lock'));
    // Nothing listens there any more, and nothing is configured.
    const env = { EBPM_HOME: project.home };
    const run = (...args: string[]) => runEbpm(args, { cwd: project.folder, env });
    expect(await run('install', '--offline')).toMatchObject({ exitCode: 0, stderr: '' });
    expect(project.versions).toEqual(versions);
    expect(await run('ci', '--offline')).toMatchObject({ exitCode: 0, stderr: '' });
    expect((await run('update', '--offline')).exitCode).toBe(0);
    expect((await run('inspect', '--offline', 'lib')).exitCode).toBe(0);
    const refused = await run('install', '--offline', 'other');
    expect(refused).toMatchObject({ exitCode: 1, stdout: '' });
    expect(refused.stderr).toContain('error: Cannot get "other" without the network: the store has no archive of it\n');
    for (const args of [
      ['run', '--offline', 'other', '--help'],
      ['inspect', '--offline', 'other'],
      ['inspect', '--offline', 'https://a.example/x.json'],
    ]) {
      expect((await run(...args)).stderr).toContain('code: EBPM_OFFLINE');
    }
    const searching = await runEbpm(['search', 'x'], { env: { ...env, EBPM_OFFLINE: '1' } });
    expect(searching.stderr).toContain('code: EBPM_OFFLINE');
  });

  it('ebpm bundle brings a project, and tools, to a machine without a network; prune takes away what nobody needs', async () => {
    const project = new Project({ tool: '^1.0.0' });
    await project.json(cliInstallKind, 'install');
    const file = join(project.folder, 'project.ebpm');
    const saved = await project.json(cliBundleKind, 'bundle', 'save', '--out', file);
    expect(saved.packages.map(({ name }) => name)).toEqual(['lib', 'tool']);
    const home = world.newHome();
    const there = (...args: string[]) =>
      runEbpm(args, { cwd: project.folder, env: { EBPM_HOME: home, EBPM_OFFLINE: '1' } });
    expect((await there('ci')).stderr).toContain('code: EBPM_OFFLINE');
    expect(valid(cliBundleKind, (await there('bundle', 'load', file, '--json')).stdout).packages).toHaveLength(2);
    expect(await there('ci')).toMatchObject({ exitCode: 0, stderr: '' });
    expect(await there('run', 'tool', '--help')).toMatchObject({ exitCode: 0 });
    expect(valid(cliPruneKind, (await there('prune', '--dry-run', '--json')).stdout).removed).toEqual([]);
    rmSync(join(project.folder, 'ebpm.lock'));
    expect((await there('prune')).stdout).toMatch(/^lib@1[.]\d[.]0\ntool@1[.]0[.]0\n2 removed, \d+ bytes freed\n$/);
    expect(valid(cliListKind, (await there('list', '--json')).stdout).packages).toEqual([]);

    await project.json(cliBundleKind, 'bundle', 'save', 'other', '--out', file);
    const one = await project.run('bundle', 'save', 'lib', '--out', `${file}.lib`);
    expect(one.stdout).toMatch(/^lib@\S+\nIn .*: 1 version, \d+ bytes\n$/);
    expect((await there('bundle', 'load', file)).stdout).toContain('Ready to be installed with --offline: 2\n');
    expect(await there('install', '--global', 'other')).toMatchObject({ exitCode: 0, stderr: '' });
    writeFileSync(file, 'text');
    expect(await there('bundle', 'load', file)).toMatchObject({ exitCode: 1, stdout: '' });
  });

  it('ebpm install without a name says what to type where there is no project', async () => {
    const folder = join(world.folder, 'empty');
    mkdirSync(folder);
    const { exitCode, stderr } = await runEbpm(['install'], { cwd: folder, env: { EBPM_HOME: world.newHome() } });
    expect(exitCode).toBe(2);
    expect(stderr).toContain('hint: To install a tool, name it: ebpm install NAME\n');
    expect(stderr).toContain('code: EBPM_PROJECT_MISSING');
  });
});

async function publish(name: string, version: string, more: Readonly<Record<string, unknown>> = {}): Promise<void> {
  const folder = world.newProject({ name, version, ...more });
  const env = { EBPM_HOME: world.newHome(), EBPM_REGISTRY: world.registry.url, EBPM_TOKEN: world.token };
  const { exitCode, stderr } = await runEbpm(['publish', folder], { env });
  expect({ exitCode, stderr }).toEqual({ exitCode: 0, stderr: '' });
}

/** The command line cannot yank yet: over HTTP. */
async function yank(name: string, version: string): Promise<void> {
  const answer = await fetch(`${world.registry.url}/api/v1/packages/${name}/versions/${version}/yank`, {
    method: 'PUT',
    headers: { authorization: `Bearer ${world.token}`, 'content-type': 'application/json' },
    body: '{}',
  });
  expect(answer.ok).toBe(true);
}

function valid<T>(kind: Kind<T>, text: string): T {
  const checked = validate(kind, JSON.parse(text));
  if (!checked.ok) throw new Error(`${JSON.stringify(checked.problems)} in ${text}`);
  return checked.value;
}
