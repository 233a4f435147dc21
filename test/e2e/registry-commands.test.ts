import {
  cliAccessKind,
  cliInfoKind,
  cliNewTokenKind,
  cliOrganisationKind,
  cliOwnersKind,
  cliPublishKind,
  cliTagsKind,
  cliTokensKind,
  cliWhoamiKind,
} from '@ebpm/schemas';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { Authenticator } from './authenticator.js';
import { openWorld, type World } from './open-world.js';
import { Person } from './person.js';
import { newToken } from './registry-process.js';

let world: World;
let alice: Person;
let bob: Person;
let bobsToken: string;

beforeAll(async () => {
  world = await openWorld();
  alice = new Person(world, world.token);
  bobsToken = await newToken(world.place, 'bob');
  bob = new Person(world, bobsToken);
  for (const version of ['1.0.0', '1.1.0', '2.0.0-rc.1']) await alice.publish('tiny', version);
});
afterAll(() => world.close());

describe('ebpm yank, deprecate, tag', () => {
  it('ebpm yank keeps a version from being chosen, and --undo lets it again', async () => {
    expect(await alice.change('yank', 'tiny@1.0.0', '--reason', 'loses events')).toBe('yanked');
    expect(await alice.failure('info', 'tiny@~1.0.0')).toBe('EBPM_VERSION_NOT_FOUND 1');
    expect(await alice.change('yank', 'tiny@1.0.0', '--undo')).toBe('unyanked');
    expect((await alice.json(cliInfoKind, 'info', 'tiny@~1.0.0')).version).toBe('1.0.0');
    expect(await alice.failure('yank', 'tiny')).toBe('EBPM_USAGE_INVALID 2');
    expect(await alice.failure('yank', 'tiny@9.9.9')).toBe('EBPM_VERSION_NOT_FOUND 1');
    expect(await bob.failure('yank', 'tiny@1.0.0')).toBe('EBPM_NOT_OWNER 1');
  });

  it('ebpm deprecate says why, and --undo takes it back', async () => {
    expect(await alice.change('deprecate', 'tiny@1.0.0', 'use 1.1.0')).toBe('deprecated');
    expect(await alice.words('info', 'tiny@1.0.0')).toContain('deprecated:  use 1.1.0\n');
    expect(await alice.warning('install', 'tiny@1.0.0')).toBe('warning: tiny@1.0.0 is deprecated: use 1.1.0\n');
    expect(await alice.change('deprecate', 'tiny@1.0.0', '--undo')).toBe('undeprecated');
    expect(await alice.words('info', 'tiny@1.0.0')).not.toContain('use 1.1.0');
    expect(await alice.failure('deprecate', 'tiny')).toBe('EBPM_USAGE_INVALID 2');
  });

  it('ebpm tag add, ls and rm move tags', async () => {
    expect(await alice.change('tag', 'add', 'tiny@1.0.0', 'old')).toBe('tagged');
    expect((await alice.json(cliTagsKind, 'tag', 'ls', 'tiny')).tags).toEqual({
      latest: '1.1.0',
      next: '2.0.0-rc.1',
      old: '1.0.0',
    });
    expect(await alice.change('tag', 'rm', 'tiny', 'old')).toBe('untagged');
    expect(await alice.words('tag', 'ls', 'tiny')).toBe('latest\t1.1.0\nnext\t2.0.0-rc.1\n');
    expect(await alice.failure('tag', 'add', 'tiny@1.0.0', 'Not A Tag')).toBe('EBPM_TAG_INVALID 2');
  });
});

describe('ebpm access', () => {
  const projectOf = (version: string) => world.newProject({ name: 'guarded', version });
  const access = async (name: string, person = alice) => {
    const { status, mfa, publishers } = await person.json(cliAccessKind, 'access', 'get', name);
    return `${status} ${mfa} ${publishers}`;
  };

  it('ebpm access set mfa=publish has publishing ask for a code, and mfa=none ends that', async () => {
    await alice.publish('guarded', '1.0.0');
    expect(await alice.words('access', 'get', 'guarded')).toBe('status\tpublic\nmfa\tnone\npublishers\tall\n');
    expect(await alice.words('access', 'set', 'mfa=publish', 'guarded')).toBe(
      'guarded is published by people with a one-time code alone\n',
    );
    expect(await access('guarded')).toBe('public publish all');
    // Who has no codes set up is told how.
    expect(await alice.warning('publish', projectOf('1.1.0'))).toContain(
      'hint: set them up: ebpm profile enable-2fa\n',
    );
    const app = await Authenticator.setUp(world.registry.url, world.token);
    expect(await alice.failure('publish', projectOf('1.1.0'))).toBe('EBPM_OTP_REQUIRED 1');
    expect(await alice.failure('publish', projectOf('1.1.0'), '--otp', '000000')).toBe('EBPM_OTP_WRONG 1');
    const { token } = await alice.json(cliNewTokenKind, 'token', 'create', '--allow', 'publish', '--expires-days', '7');
    const publisher = new Person(world, token);
    expect(await publisher.failure('access', 'set', 'mfa=none', 'guarded')).toBe('EBPM_TOKEN_FORBIDDEN 1');
    expect(await publisher.failure('publish', projectOf('1.1.0'))).toBe('EBPM_OTP_REQUIRED 1');
    const { created } = await alice.json(cliPublishKind, 'publish', projectOf('1.1.0'), '--otp', await app.code());
    expect(created).toBe(true);
    expect(await alice.failure('access', 'set', 'mfa=none', 'guarded')).toBe('EBPM_OTP_REQUIRED 1');
    expect(await alice.change('access', 'set', 'mfa=none', 'guarded', '--otp', await app.code())).toBe(
      'publish-otp-not-required',
    );
    expect((await alice.json(cliPublishKind, 'publish', projectOf('1.2.0'))).created).toBe(true);
  });

  it('ebpm access set changes one thing, and the others stay', async () => {
    await bob.publish('@bob/tool', '1.0.0');
    expect(await bob.change('access', 'set', 'publishers=trusted', '@bob/tool')).toBe('publish-trusted-only');
    expect(await bob.change('access', 'set', 'mfa=publish', '@bob/tool')).toBe('publish-otp-required');
    expect(await access('@bob/tool', bob)).toBe('public publish trusted');
    const next = world.newProject({ name: '@bob/tool', version: '1.1.0' });
    const end = [
      'access',
      'set',
      'mfa=none',
      '@bob/tool',
      '--otp',
      await (await Authenticator.setUp(world.registry.url, bobsToken)).code(),
    ];
    expect(await bob.change(...end)).toBe('publish-otp-not-required');
    expect(await access('@bob/tool', bob)).toBe('public none trusted');
    expect(await bob.warning('publish', next)).toContain('ebpm access set publishers=all @bob/tool\n');
    expect(await bob.change('access', 'set', 'publishers=all', '@bob/tool')).toBe('publish-by-all');
    expect(await bob.change('access', 'set', 'status=private', '@bob/tool')).toBe('made-private');
    expect(await access('@bob/tool', bob)).toBe('private none all');
    expect(await alice.failure('info', '@bob/tool')).toBe('EBPM_PACKAGE_NOT_FOUND 1');
    expect(await bob.change('access', 'set', 'status=public', '@bob/tool')).toBe('made-public');
    expect((await alice.json(cliInfoKind, 'info', '@bob/tool')).version).toBe('1.0.0');
  });

  it('ebpm access is for owners, and says which settings there are', async () => {
    expect(await bob.failure('access', 'get', 'tiny')).toBe('EBPM_NOT_OWNER 1');
    expect(await bob.failure('access', 'set', 'mfa=publish', 'tiny')).toBe('EBPM_NOT_OWNER 1');
    expect(await alice.failure('access', 'get', 'nosuch-at-all')).toBe('EBPM_PACKAGE_NOT_FOUND 1');
    expect(await alice.failure('access', 'set', 'mfa=automation', 'tiny')).toBe('EBPM_USAGE_INVALID 2');
    expect(await alice.warning('access', 'set', 'mfa=automation', 'tiny')).toContain('mfa=publish, mfa=none');
    expect(await access('tiny')).toBe('public none all');
  });
});

describe('ebpm owner, token, org, team', () => {
  it('ebpm owner add, ls and rm say who a package belongs to', async () => {
    expect(await alice.change('owner', 'add', 'tiny', 'bob')).toBe('owner-added');
    const { owners } = await bob.json(cliOwnersKind, 'owner', 'ls', 'tiny');
    expect(owners.map(({ name, kind }) => `${name} ${kind}`).sort()).toEqual(['alice user', 'bob user']);
    expect(await alice.change('owner', 'rm', 'tiny', 'bob')).toBe('owner-removed');
    expect(await alice.failure('owner', 'rm', 'tiny', 'alice')).toBe('EBPM_LAST_OWNER 1');
  });

  it('ebpm token create makes one that can do what it is for and no more, ls shows it, revoke ends it', async () => {
    const made = await alice.json(cliNewTokenKind, 'token', 'create', '--allow', 'read', '--expires-days', '7');
    const reader = new Person(world, made.token);
    expect((await reader.json(cliWhoamiKind, 'whoami')).token.id).toBe(made.id);
    expect(await reader.failure('yank', 'tiny@1.0.0')).toBe('EBPM_TOKEN_FORBIDDEN 1');
    const { tokens } = await alice.json(cliTokensKind, 'token', 'ls');
    expect(tokens.find(({ id }) => id === made.id)).toMatchObject({ state: 'valid', allow: ['read'] });
    expect(JSON.stringify(tokens)).not.toContain(made.token);
    expect(await alice.change('token', 'revoke', made.id)).toBe('token-revoked');
    expect(await reader.failure('whoami')).toBe('EBPM_TOKEN_INVALID 1');
    expect(await alice.failure('token', 'create', '--allow', 'everything')).toBe('EBPM_USAGE_INVALID 2');
  });

  it('ebpm org and team share packages', async () => {
    expect(await alice.change('org', 'create', '@acme')).toBe('organisation-created');
    expect(await bob.failure('publish', world.newProject({ name: '@acme/tool' }))).toBe('EBPM_SCOPE_FORBIDDEN 1');
    expect(await alice.change('org', 'member', 'acme', 'bob')).toBe('member-added');
    expect(await alice.change('team', 'create', 'acme', 'core')).toBe('team-created');
    expect(await alice.change('team', 'member', 'acme', 'core', 'bob')).toBe('team-member-added');
    expect(await alice.change('team', 'grant', 'acme', 'core', 'write', '@acme/*')).toBe('granted');
    await bob.publish('@acme/tool', '1.0.0');
    expect(await alice.json(cliOrganisationKind, 'org', 'show', 'acme')).toMatchObject({
      members: [
        { name: 'alice', role: 'admin' },
        { name: 'bob', role: 'member' },
      ],
      teams: [{ team: 'core', members: ['bob'], grants: [{ pattern: '@acme/*', level: 'write' }] }],
    });
  });

  it('ebpm org and team take back what they gave', async () => {
    expect(await alice.change('team', 'grant', 'acme', 'core', 'none', '@acme/*')).toBe('revoked');
    expect(await alice.change('team', 'member', 'acme', 'core', 'bob', '--remove')).toBe('team-member-removed');
    expect(await alice.change('team', 'rm', 'acme', 'core')).toBe('team-removed');
    expect(await alice.change('org', 'member', 'acme', 'bob', '--admin')).toBe('member-added');
    expect(await bob.change('org', 'member', 'acme', 'alice', '--remove')).toBe('member-removed');
    expect(await alice.words('org', 'show', 'acme')).toBe('');
  });

  it('ebpm help shows the commands of a topic', async () => {
    expect(await alice.words('tag', '--help')).toMatch(/tag add .*\n.*tag ls .*\n.*tag rm /);
    expect(await alice.words('help', 'tag', 'add')).toContain('$ ebpm tag add sigsnoop@2.0.0-rc.1 next');
  });
});
