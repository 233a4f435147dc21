import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import {
  cliConfigKind,
  cliErrorKind,
  cliLoginKind,
  cliRegistryChangeKind,
  cliSettingKind,
  type Kind,
  validate,
} from '@ebpm/schemas';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openWorld, type World } from './open-world.js';
import { runEbpm } from './run-ebpm.js';

let hub: World;
let team: World;
/** What alice's shell has set: the hub is the registry that is meant. */
let env: Readonly<Record<string, string>>;

beforeAll(async () => {
  [hub, team] = await Promise.all([openWorld(), openWorld()]);
  env = { EBPM_HOME: hub.newHome(), EBPM_REGISTRY: hub.registry.url };
});
afterAll(() => Promise.all([hub.close(), team.close()]));

async function json<T>(
  kind: Kind<T>,
  args: readonly string[],
  options: { readonly input?: string; readonly cwd?: string } = {},
) {
  const { exitCode, stdout, stderr } = await runEbpm([...args, '--json'], { env, ...options });
  expect({ exitCode, stderr, stdout: exitCode === 0 ? '' : stdout }).toEqual({ exitCode: 0, stderr: '', stdout: '' });
  return valid(kind, stdout);
}

async function failure(args: readonly string[], input = ''): Promise<string> {
  const { exitCode, stdout } = await runEbpm([...args, '--json'], { env, input });
  return `${valid(cliErrorKind, stdout).error.code} ${exitCode}`;
}

function valid<T>(kind: Kind<T>, text: string): T {
  const checked = validate(kind, JSON.parse(text));
  if (!checked.ok) throw new Error(`${JSON.stringify(checked.problems)} in ${text}`);
  return checked.value;
}

describe('a registry for a scope', () => {
  it('ebpm login --scope keeps it, and publish, info and a project take it for names in the scope alone', async () => {
    expect(await failure(['info', '@alice/tool'])).toBe('EBPM_PACKAGE_NOT_FOUND 1');
    const login = ['login', '--scope', '@alice', '--registry', team.registry.url];
    expect(await json(cliLoginKind, login, { input: team.token })).toMatchObject({ default: false, scope: '@alice' });
    await json(cliLoginKind, ['login'], { input: hub.token });
    for (const name of ['@alice/tool', 'tiny']) {
      const { stdout } = await runEbpm(['publish', hub.newProject({ name }), '--json'], { env });
      expect(JSON.parse(stdout).registry).toBe(name === 'tiny' ? hub.registry.url : team.registry.url);
    }
    const cwd = hub.newProject();
    const manifest = { manifest: 1, name: 'mine', version: '1.0.0', dependencies: { tiny: '1', '@alice/tool': '1' } };
    writeFileSync(join(cwd, 'ebpm.json'), JSON.stringify(manifest));
    const { exitCode, stderr } = await runEbpm(['install'], { env, cwd });
    expect({ exitCode, stderr }).toEqual({ exitCode: 0, stderr: '' });
    const { packages } = JSON.parse(readFileSync(join(cwd, 'ebpm.lock'), 'utf8'));
    expect(packages['@alice/tool'].registry).toBe(team.registry.url);
    expect(packages['tiny'].registry).toBe(hub.registry.url);
  });

  it('ebpm config lists, gets, sets and deletes it', async () => {
    expect(await json(cliSettingKind, ['config', 'get', '@alice:registry'])).toMatchObject({
      value: team.registry.url,
    });
    await json(cliSettingKind, ['config', 'set', '@bob:registry', 'https://bob.example/']);
    const { settings } = await json(cliConfigKind, ['config', 'list']);
    expect(settings.map(({ key, from }) => `${key} ${from}`)).toEqual([
      'registry environment',
      'registry file',
      '@alice:registry file',
      '@bob:registry file',
    ]);
    await json(cliConfigKind, ['config', 'delete', '@bob:registry']);
    expect(await failure(['config', 'get', '@bob:registry'])).toBe('EBPM_SETTING_UNSET 1');
    expect(await failure(['config', 'set', 'colour', 'red'])).toBe('EBPM_USAGE_INVALID 2');
    expect(await failure(['config', 'set', 'registry', 'nowhere'])).toBe('EBPM_REGISTRY_URL_INVALID 2');
  });
});

describe('what was mistyped', () => {
  it.each([
    ['a command', ['instal'], 'ebpm install'],
    ['a command of a topic', ['config', 'lits'], 'ebpm config list'],
    ['a flag', ['search', '--lmit', '3'], '--limit'],
    ['a package', ['info', 'tinny'], 'tiny'],
  ])('ebpm says what was meant by %s', async (_what, args, meant) => {
    const { stderr } = await runEbpm(args, { env });
    expect(stderr).toMatch(new RegExp(`hint: Did you mean "?${meant}"?\\?`));
  });
});

describe('an account with a password', () => {
  it('ebpm profile password sets one, and login --user has a token made for it', async () => {
    const input = '\na long enough password\n';
    expect(await json(cliRegistryChangeKind, ['profile', 'password'], { input })).toMatchObject({
      change: 'password-set',
    });
    await json(cliLoginKind, ['login', '--user', 'alice'], { input: 'a long enough password\n' });
    expect(await failure(['login', '--user', 'alice'], 'another password\n')).toBe('EBPM_LOGIN_FAILED 1');
  });

  it.each([
    ['one line', 'another password\n'],
    ['an empty second line', 'a long enough password\n\n'],
    ['nothing', ''],
  ])(
    'ebpm profile password wants two lines of a pipe, sends nothing where it has %s, and says so',
    async (_what, input) => {
      // Nobody listens there: a request would end otherwise.
      const nowhere = { ...env, EBPM_REGISTRY: 'http://127.0.0.1:1' };
      expect(await runEbpm(['profile', 'password'], { env: nowhere, input })).toEqual({
        exitCode: 2,
        stdout: '',
        stderr: [
          'error: Cannot set the password: there is no new one',
          'hint: From a pipe two lines are wanted: the password until now, which is empty where there is none, and the new one',
          'hint: Type: (echo "$OLD"; echo "$NEW") | ebpm profile password',
          'code: EBPM_USAGE_INVALID\n',
        ].join('\n'),
      });
    },
  );

  it('ebpm profile shows no secret where nobody reads along, and takes no code where none is asked for', async () => {
    expect((await runEbpm(['profile', 'get'], { env })).stdout).toMatch(
      /^name\talice\nid\t.*\nregistry\thttp.*\ntoken\t.*\ntoken ends\t2\d{3}-/,
    );
    expect(await failure(['profile', 'enable-2fa'])).toBe('EBPM_USAGE_INVALID 2');
    expect(await failure(['profile', 'disable-2fa', '123456'])).toBe('EBPM_OTP_REQUIRED 1');
  });
});
