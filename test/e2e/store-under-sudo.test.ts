import { spawnSync } from 'node:child_process';
import {
  chmodSync,
  chownSync,
  cpSync,
  existsSync,
  lstatSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { EBPM } from '../kernels/installation.js';
import { openWorld, type World } from './open-world.js';
import type { CommandResult } from './registry-process.js';
import { type RunOptions, runEbpm } from './run-ebpm.js';

/** The user behind sudo: one that every Debian has. */
const USER = { uid: 65534, gid: 65534, name: 'nobody' };

/** Needs root, and a node that the user may start as well. */
const POSSIBLE =
  process.getuid?.() === 0 && spawnSync(process.execPath, ['-e', '0'], { uid: USER.uid, gid: USER.gid }).status === 0;

const CAN_LOAD = POSSIBLE && existsSync('/sys/kernel/btf/vmlinux') && existsSync('/sys/kernel/tracing/events');

let world: World;
let folder: string;
/** A copy of the command line that everybody may read, wherever the repository lies. */
let program: string;

beforeAll(async () => {
  world = await openWorld();
  folder = mkdtempSync(join(tmpdir(), 'ebpm-sudo-'));
  chmodSync(folder, 0o755);
  cpSync(dirname(EBPM), join(folder, 'bundle'), { recursive: true });
  cpSync(join(dirname(EBPM), '../package.json'), join(folder, 'package.json'));
  program = join(folder, 'bundle/main.js');
  await runEbpm(['publish', world.newProject()], {
    env: { EBPM_HOME: world.newHome(), EBPM_REGISTRY: world.registry.url, EBPM_TOKEN: world.token },
  });
});
afterAll(async () => {
  await world.close();
  rmSync(folder, { recursive: true });
});

/** Runs ebpm as sudo would: as root, with the user in the environment. */
function sudoEbpm(
  home: string,
  args: readonly string[],
  { input = '', cwd = '/' }: Pick<RunOptions, 'input' | 'cwd'> = {},
): Promise<CommandResult> {
  const sudo = { SUDO_UID: String(USER.uid), SUDO_GID: String(USER.gid), SUDO_USER: USER.name };
  return runEbpm(args, {
    program,
    input,
    cwd,
    env: { ...sudo, EBPM_HOME: home, EBPM_REGISTRY: world.registry.url },
  });
}

/** An empty store of the user. */
function newHome(): string {
  const home = mkdtempSync(join(folder, 'home-'));
  chownSync(home, USER.uid, USER.gid);
  return home;
}

/** A folder that only root may write into, as /etc is. */
function rootFolder(): string {
  const path = mkdtempSync(join(folder, 'root-'));
  chmodSync(path, 0o755);
  return path;
}

/** Everything below a folder that belongs to root, links not followed. */
function rootOwned(home: string): readonly string[] {
  const paths = readdirSync(home, { recursive: true, encoding: 'utf8' });
  return paths.filter((path) => lstatSync(join(home, path)).uid === 0);
}

/** What tells whether something was written into /etc. */
function stateOfEtc(): unknown {
  return readdirSync('/etc').map((name) => [name, lstatSync(join('/etc', name)).mtimeMs]);
}

describe.skipIf(!POSSIBLE)('ebpm under sudo', () => {
  it('ebpm install, run and login write everything as the user', async () => {
    const home = newHome();
    expect(await sudoEbpm(home, ['install', 'tiny'])).toMatchObject({ exitCode: 0 });
    expect(await sudoEbpm(home, ['uninstall', 'tiny'])).toMatchObject({ exitCode: 0 });
    const run = await sudoEbpm(home, ['run', 'tiny', '--help']);
    expect(run).toMatchObject({ exitCode: 0, stdout: expect.stringContaining('Usage: tiny_bpf') });
    expect(await sudoEbpm(home, ['login'], { input: world.token })).toMatchObject({ exitCode: 0 });
    expect(readdirSync(home).sort()).toEqual(['index', 'installed', 'packages', 'registries.json', 'trust']);
    expect(rootOwned(home)).toEqual([]);
  });

  it('ebpm inspect, diff and check look at what is not installed as the user, and install nothing', async () => {
    for (const words of [
      ['inspect', 'tiny'],
      ['diff', 'tiny', 'tiny@1.0.0'],
      ['check', 'tiny'],
    ]) {
      const home = newHome();
      const { exitCode, stdout } = await sudoEbpm(home, words);
      expect([0, 3, 4, 5]).toContain(exitCode);
      expect(stdout).not.toBe('');
      expect(readdirSync(home).sort()).toEqual(['index', 'packages', 'trust']);
      expect(rootOwned(home)).toEqual([]);
    }
  });

  it('ebpm check looks at what ebpm.lock names as the user', async () => {
    const cwd = newHome();
    writeFileSync(
      join(cwd, 'ebpm.json'),
      JSON.stringify({ manifest: 1, name: 'mine', version: '1.0.0', dependencies: { tiny: '1.0.0' } }),
    );
    expect(await sudoEbpm(newHome(), ['install'], { cwd })).toMatchObject({ exitCode: 0 });
    const home = newHome();
    const { exitCode, stdout } = await sudoEbpm(home, ['check', 'tiny'], { cwd });
    expect([0, 3, 4, 5]).toContain(exitCode);
    expect(stdout).not.toBe('');
    expect(readdirSync(home).sort()).toEqual(['index', 'packages', 'trust']);
    expect(rootOwned(home)).toEqual([]);
  });

  it.runIf(CAN_LOAD)('ebpm run has a process of the user ask for revocations once it has started', async () => {
    const home = newHome();
    expect(await sudoEbpm(home, ['install', 'tiny'])).toMatchObject({ exitCode: 0 });
    const name = readdirSync(join(home, 'trust')).find((file) => file.endsWith('.revoked.json')) ?? '';
    const path = join(home, 'trust', name);
    const saved = JSON.parse(readFileSync(path, 'utf8'));
    writeFileSync(path, JSON.stringify({ ...saved, note: undefined, askedAtMs: 0 }));
    expect(await sudoEbpm(home, ['run', '--duration', '100ms', 'tiny'])).toMatchObject({ exitCode: 0 });
    const isThere = () => JSON.parse(readFileSync(path, 'utf8')).note !== undefined;
    for (let tries = 0; tries < 100 && !isThere(); tries++) await sleep(100);
    expect(isThere()).toBe(true);
    expect(rootOwned(home)).toEqual([]);
  });

  it.each(['packages', 'packages/sha256', 'packages/tmp', 'installed'])(
    'ebpm does not follow a link at %s to where only root may write',
    async (place) => {
      const before = stateOfEtc();
      for (const command of [
        ['install', 'tiny'],
        ['run', 'tiny', '--help'],
        ...(place === 'installed' ? [] : [['check', 'tiny']]),
      ]) {
        const [home, target] = [newHome(), rootFolder()];
        mkdirSync(dirname(join(home, place)), { recursive: true });
        chownSync(dirname(join(home, place)), USER.uid, USER.gid);
        symlinkSync(target, join(home, place));
        const result = await sudoEbpm(home, command);
        expect(result).toMatchObject({ exitCode: 1, stderr: expect.stringContaining('code: EBPM_STORE_UNWRITABLE') });
        expect(readdirSync(target)).toEqual([]);
        expect(rootOwned(home)).toEqual([place]);
      }
      expect(stateOfEtc()).toEqual(before);
    },
  );

  it('ebpm writes no credentials where only root may write', async () => {
    const [parent, target] = [newHome(), rootFolder()];
    const home = join(parent, 'ebpm');
    symlinkSync(target, home);
    expect(await sudoEbpm(home, ['login'], { input: world.token })).toMatchObject({ exitCode: 1 });
    expect(readdirSync(target)).toEqual([]);
  });

  it('ebpm list reads with the groups of the user, not with those of root', async () => {
    const home = newHome();
    mkdirSync(join(home, 'installed'), { mode: 0o750 });
    const result = await sudoEbpm(home, ['list']);
    expect(result).toMatchObject({ exitCode: 1, stderr: expect.stringContaining('EACCES') });
  });

  it('ebpm install by root itself writes into its own store, where nobody else may write, and nowhere else', async () => {
    const before = stateOfEtc();
    const home = rootFolder();
    const env = { EBPM_HOME: home, EBPM_REGISTRY: world.registry.url };
    expect(await runEbpm(['install', 'tiny'], { program, env })).toMatchObject({ exitCode: 0 });
    const paths = readdirSync(home, { recursive: true, encoding: 'utf8' });
    expect(paths).toContain('installed/tiny@1.0.0.tar');
    expect(rootOwned(home)).toEqual(paths);
    expect(paths.filter((path) => (lstatSync(join(home, path)).mode & 0o022) !== 0)).toEqual([]);
    expect(stateOfEtc()).toEqual(before);
    const help = await runEbpm(['run', 'tiny', '--help'], {
      program,
      env: { ...env, EBPM_REGISTRY: 'http://127.0.0.1:9' },
    });
    expect(help).toMatchObject({ exitCode: 0, stdout: expect.stringContaining('Usage: tiny_bpf') });
  });

  it('ebpm believes no sudo that names root or nobody that is known', async () => {
    for (const uid of ['0', '-1', '4294967294', 'x']) {
      const home = newHome();
      const env = { SUDO_UID: uid, SUDO_USER: 'x', EBPM_HOME: home, EBPM_REGISTRY: world.registry.url };
      expect(await runEbpm(['install', 'tiny'], { program, env })).toMatchObject({ exitCode: 0 });
      expect(existsSync(join(home, 'installed/tiny@1.0.0.tar'))).toBe(true);
      expect(rootOwned(home)).not.toEqual([]);
    }
  });
});
