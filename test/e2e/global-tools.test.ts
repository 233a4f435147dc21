import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import {
  cliErrorKind,
  cliInstallKind,
  cliListKind,
  cliOutdatedKind,
  cliPruneKind,
  cliUninstallKind,
  cliUpdateKind,
  type Kind,
  validate,
} from '@ebpm/schemas';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { openWorld, type World } from './open-world.js';
import { runEbpm } from './run-ebpm.js';

let world: World;
let env: Record<string, string>;
let cwd: string;

beforeAll(async () => {
  world = await openWorld();
  await publish('lib', '1.0.0');
  await publish('one', '1.0.0', { dependencies: { lib: '^1.0.0' } });
  await publish('two', '1.0.0');
  await publish('old', '1.0.0');
});
beforeEach(async () => {
  env = { EBPM_HOME: world.newHome(), EBPM_REGISTRY: world.registry.url };
  cwd = world.folder;
});
afterAll(() => world.close());

const run = (...words: readonly string[]) => runEbpm(words, { env, cwd });

async function json<T>(kind: Kind<T>, ...words: readonly string[]): Promise<T> {
  const { exitCode, stdout, stderr } = await run(...words, '--json');
  expect({ words, exitCode, stderr }).toEqual({ words, exitCode: 0, stderr: '' });
  return valid(kind, stdout);
}

async function failure(...words: readonly string[]) {
  return valid(cliErrorKind, (await run(...words, '--json')).stdout).error;
}

function valid<T>(kind: Kind<T>, text: string): T {
  const checked = validate(kind, JSON.parse(text));
  if (!checked.ok) throw new Error(`${JSON.stringify(checked.problems)} in ${text}`);
  return checked.value;
}

async function publish(name: string, version: string, manifest: object = {}, ...flags: readonly string[]) {
  const author = { EBPM_HOME: world.newHome(), EBPM_REGISTRY: world.registry.url, EBPM_TOKEN: world.token };
  const project = world.newProject({ name, version, ...manifest });
  expect(await runEbpm(['publish', project, ...flags], { env: author })).toMatchObject({ exitCode: 0 });
}

const versions = async () =>
  (await json(cliListKind, 'list')).packages.map(({ name, version, current, asked }) => ({
    name,
    version,
    current,
    asked,
  }));

describe('tools of the user', () => {
  it('ebpm outdated and update --global go by the tags that tools were installed by', async () => {
    await json(cliInstallKind, 'install', 'one', 'two@1.0.0', 'old');
    expect(await json(cliOutdatedKind, 'outdated', '--global')).toEqual({ packages: [] });
    expect((await run('update', '-g')).stdout).toBe('Everything is as new as it may be\n');
    await publish('lib', '1.1.0');
    await publish('one', '1.1.0', { dependencies: { lib: '^1.1.0' } });
    await publish('two', '2.0.0');
    await publish('two', '3.0.0-rc.1', {}, '--tag', 'next');
    const newer = [
      { name: 'one', current: '1.0.0', wanted: '1.1.0', latest: '1.1.0', yanked: false },
      { name: 'two', current: '1.0.0', wanted: '2.0.0', latest: '2.0.0', yanked: false },
    ];
    const lib = { name: 'lib', current: '1.0.0', wanted: '1.1.0', latest: '1.1.0', yanked: false };
    expect(await json(cliOutdatedKind, 'outdated', '-g')).toEqual({
      packages: [...newer, { ...lib, neededBy: 'one@1.0.0' }],
    });
    expect((await run('outdated', '--global')).stdout).toContain('one\t1.0.0\t1.1.0\t1.1.0\t\n');
    expect(await json(cliUpdateKind, 'update', '--global', 'one')).toEqual({
      changes: [
        { name: 'one', from: '1.0.0', to: '1.1.0' },
        { name: 'lib', from: '1.0.0', to: '1.1.0', neededBy: 'one@1.1.0' },
      ],
    });
    expect((await json(cliOutdatedKind, 'outdated', '-g')).packages.map(({ name }) => name)).toEqual(['two']);
    expect(await versions()).toEqual([
      { name: 'lib', version: '1.1.0', current: false, asked: false },
      { name: 'lib', version: '1.0.0', current: true, asked: false },
      { name: 'old', version: '1.0.0', current: true, asked: true },
      { name: 'one', version: '1.1.0', current: true, asked: true },
      { name: 'one', version: '1.0.0', current: false, asked: false },
      { name: 'two', version: '1.0.0', current: true, asked: true },
    ]);
    expect((await run('update', '--global')).stdout).toBe(
      'two 1.0.0 -> 2.0.0\nThe versions before leave the store with: ebpm prune\n',
    );
    const { removed } = await json(cliPruneKind, 'prune');
    expect(removed.map(({ what }) => what)).toEqual(['lib@1.0.0', 'one@1.0.0', 'two@1.0.0']);
    expect((await run('inspect', 'one')).stdout).toMatch(/^one@1\.1\.0 \(installed\)/);
  });

  it('ebpm update --global follows another tag, and goes back to nothing lower', async () => {
    await json(cliInstallKind, 'install', 'two@next');
    expect(await json(cliUpdateKind, 'update', '-g')).toEqual({ changes: [] });
    await publish('two', '3.0.0-rc.2', {}, '--tag', 'next');
    expect(await json(cliUpdateKind, 'update', '-g')).toEqual({
      changes: [{ name: 'two', from: '3.0.0-rc.1', to: '3.0.0-rc.2' }],
    });
    const answer = await fetch(`${world.registry.url}/api/v1/packages/two/tags/next`, {
      method: 'PUT',
      headers: { authorization: `Bearer ${world.token}`, 'content-type': 'application/json' },
      body: JSON.stringify({ version: '1.0.0' }),
    });
    expect(answer.ok).toBe(true);
    expect(await json(cliUpdateKind, 'update', '-g')).toEqual({ changes: [] });
  });

  it('ebpm update --global renews what a tool depends on while the tool stays, within what it allows', async () => {
    await publish('base', '1.0.0');
    await publish('middle', '1.0.0', { dependencies: { base: '^1.0.0' } });
    await publish('app', '1.0.0', { dependencies: { middle: '^1.0.0' } });
    await publish('other', '1.0.0', { dependencies: { base: '1.0.0' } });
    await json(cliInstallKind, 'install', 'app', 'other');
    expect(await json(cliUpdateKind, 'update', '-g')).toEqual({ changes: [] });
    await publish('base', '1.1.0');
    await publish('base', '2.0.0');
    await publish('middle', '1.1.0', { dependencies: { base: '^1.0.0', extra: '^1.0.0' } });
    const base = { name: 'base', current: '1.0.0', latest: '2.0.0', yanked: false };
    expect(await json(cliOutdatedKind, 'outdated', '-g')).toEqual({
      packages: [
        { ...base, wanted: '1.1.0', neededBy: 'app@1.0.0' },
        { name: 'middle', current: '1.0.0', wanted: '1.1.0', latest: '1.1.0', yanked: false, neededBy: 'app@1.0.0' },
        { ...base, wanted: '1.0.0', neededBy: 'other@1.0.0' },
      ],
    });
    expect((await run('outdated', '-g')).stdout).toContain('base\t1.0.0\t1.1.0\t2.0.0\tfor app@1.0.0\n');
    await publish('extra', '1.0.0');
    const nothing = await json(cliUpdateKind, 'update', '-g', 'other');
    expect(nothing).toEqual({ changes: [] });
    expect((await run('update', '-g')).stdout).toBe(
      [
        'base 1.0.0 -> 1.1.0, for app@1.0.0',
        'extra 1.0.0 is new, for app@1.0.0',
        'middle 1.0.0 -> 1.1.0, for app@1.0.0',
        'The versions before leave the store with: ebpm prune\n',
      ].join('\n'),
    );
    expect(await json(cliUpdateKind, 'update', '-g')).toEqual({ changes: [] });
    const { packages } = await json(cliListKind, 'list');
    expect(packages.map(({ name, version, neededBy }) => `${name}@${version} ${neededBy}`)).toEqual([
      'app@1.0.0 ',
      'base@1.1.0 app@1.0.0',
      'base@1.0.0 other@1.0.0',
      'extra@1.0.0 app@1.0.0',
      'middle@1.1.0 app@1.0.0',
      'middle@1.0.0 ',
      'other@1.0.0 ',
    ]);
    expect((await json(cliPruneKind, 'prune')).removed.map(({ what }) => what)).toEqual(['middle@1.0.0']);
    expect((await run('install', '--offline', 'app@1.0.0')).stdout).toContain('middle@1.1.0, extra@1.0.0, base@1.1.0');
  });

  it('ebpm update --global goes on behind a tool that it cannot update, tells what was done, and ends with 1', async () => {
    await publish('ahead', '1.0.0');
    await publish('behind', '1.0.0');
    await publish('awry', '1.0.0', { dependencies: { part: '^1.0.0' } });
    await publish('part', '1.0.0');
    await json(cliInstallKind, 'install', 'ahead', 'behind', 'awry');
    await publish('ahead', '1.1.0');
    await publish('behind', '1.1.0');
    await publish('awry', '1.1.0', { dependencies: { part: '^2.0.0' } });
    const { exitCode, stdout, stderr } = await run('update', '-g');
    expect({ exitCode, stdout }).toEqual({
      exitCode: 1,
      stdout: 'ahead 1.0.0 -> 1.1.0\nbehind 1.0.0 -> 1.1.0\nThe versions before leave the store with: ebpm prune\n',
    });
    expect(stderr).toMatch(
      /^awry@1\.0\.0, or what it depends on, is not as new as it may be:\nerror: [\s\S]*\ncode: EBPM_RESOLVE_CONFLICT\n$/,
    );
    const again = await run('update', '-g', '--json');
    expect(again).toMatchObject({ exitCode: 1, stderr: '' });
    expect(valid(cliUpdateKind, again.stdout)).toMatchObject({
      changes: [],
      failed: [{ name: 'awry', error: { code: 'EBPM_RESOLVE_CONFLICT' } }],
    });
    expect((await run('update', '-g')).stdout).toBe('');
    expect(await json(cliUpdateKind, 'update', '-g', 'ahead')).toEqual({ changes: [] });
  });

  it('ebpm update --global refuses what nobody has installed by its name, and says which is meant', async () => {
    await json(cliInstallKind, 'install', 'one');
    expect(await failure('update', '-g', 'onne')).toMatchObject({
      code: 'EBPM_NOT_INSTALLED',
      hint: 'Did you mean "one"?',
    });
    // It was installed because another package needs it.
    expect(await failure('update', '-g', 'lib')).toMatchObject({ code: 'EBPM_NOT_INSTALLED' });
    expect(await failure('update', '-g', '--for-kernel', '6.1')).toMatchObject({ code: 'EBPM_USAGE_INVALID' });
  });

  it('ebpm update --global takes no names from what is piped into it', async () => {
    const piped = await runEbpm(['update', '--global', '--json'], { env, cwd, input: 'nobody-has-this\n' });
    expect(piped).toMatchObject({ exitCode: 0, stderr: '' });
  });

  it('ebpm uninstall --global removes several at once, or none where one is not there', async () => {
    await json(cliInstallKind, 'install', 'one', 'two', 'old');
    const before = await versions();
    expect(await failure('uninstall', '-g', 'old', 'nosuch', 'two')).toMatchObject({
      code: 'EBPM_NOT_INSTALLED',
      message: 'Cannot uninstall "nosuch": it is not installed',
    });
    expect(await failure('uninstall', 'old', 'two@^9')).toMatchObject({ code: 'EBPM_NOT_INSTALLED' });
    expect(await versions()).toEqual(before);
    const needed = before.find(({ name }) => name === 'lib')?.version;
    const one = before.find(({ name }) => name === 'one')?.version;
    expect(await json(cliUninstallKind, 'uninstall', '-g', 'lib', 'old')).toEqual({
      packages: [
        { name: 'lib', removed: [], kept: [{ version: needed, neededBy: [`one@${one}`] }] },
        { name: 'old', removed: ['1.0.0'], kept: [] },
      ],
    });
    expect((await run('uninstall', 'lib', 'one')).stdout).toBe(`lib@${needed} is removed\none@${one} is removed\n`);
    expect((await versions()).map(({ name }) => name)).toEqual(['two']);
  });

  it('ebpm outdated --global tells of what was yanked, and leaves out what is gone', async () => {
    await json(cliInstallKind, 'install', 'old', 'two');
    await world.takeDown('two', '2.0.0');
    const answer = await fetch(`${world.registry.url}/api/v1/packages/old/versions/1.0.0/yank`, {
      method: 'PUT',
      headers: { authorization: `Bearer ${world.token}`, 'content-type': 'application/json' },
      body: '{}',
    });
    expect(answer.ok).toBe(true);
    expect((await json(cliOutdatedKind, 'outdated', '-g')).packages).toEqual([
      { name: 'old', current: '1.0.0', wanted: '1.0.0', yanked: true },
    ]);
  });

  it('ebpm update and outdated --global leave a project as it is', async () => {
    cwd = world.newProject({ name: 'mine', dependencies: {} });
    const before = readFileSync(join(cwd, 'ebpm.json'), 'utf8');
    await json(cliInstallKind, 'install', '-g', 'one@1.0.0');
    expect((await json(cliOutdatedKind, 'outdated', '-g')).packages).toMatchObject([{ name: 'one', wanted: '1.1.0' }]);
    expect((await json(cliUpdateKind, 'update', '-g')).changes).toMatchObject([{ name: 'one', to: '1.1.0' }]);
    expect(readFileSync(join(cwd, 'ebpm.json'), 'utf8')).toBe(before);
    expect(existsSync(join(cwd, 'ebpm.lock'))).toBe(false);
  });
});
