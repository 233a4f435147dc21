import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { buildApp } from '../../src/app.js';
import { systemClock } from '../../src/clock.js';
import { parseCommandLine } from '../../src/commands/parse-command-line.js';
import { openRegistry } from '../../src/open-registry.js';
import { changeOwner } from '../../src/publish/change-owner.js';
import { systemRandom } from '../../src/random.js';
import type { Registry } from '../../src/registry.js';
import { openDirectoryStore } from '../../src/stores/directory.js';
import type { Store } from '../../src/stores/store.js';
import { publish } from '../registry-world.js';
import { samplePackage } from '../sample-package.js';

let directory: string;
let store: Store;
let registry: Registry;
beforeEach(async () => {
  directory = mkdtempSync(join(tmpdir(), 'ebpm-operator-'));
  store = await openDirectoryStore({ path: join(directory, 'store'), clock: systemClock, random: systemRandom });
  registry = await openRegistry({ store, keyFile: join(directory, 'key') });
});
afterEach(async () => {
  await registry.close();
  await store.close();
  rmSync(directory, { recursive: true });
});

/** Runs a command beside the registry that is open, as another process would. */
async function run(...words: string[]): Promise<string[]> {
  const { command, input } = parseCommandLine([...words, '--store', `file:${directory}/store`]);
  const lines: string[] = [];
  await command.run(input, {
    env: { HOME: directory, EBPM_REGISTRY_KEY_FILE: join(directory, 'key') },
    logStream: { write: () => {} },
    signal: new AbortController().signal,
    print: (printed) => lines.push(printed),
  });
  return lines;
}

const failsWith = (code: string, message = '') =>
  expect.objectContaining({ code, message: expect.stringContaining(message) });

describe('token create', () => {
  it('makes a token that is good for no more than what was typed', async () => {
    await registry.accounts.addUser('alice');
    const limits = ['--allow', 'read,publish', '--names', 'x-*, @alice/*', '--from', '192.0.2.0/24'];
    const [made = ''] = await run('token', 'create', 'alice', '--expires', '1d', ...limits, '--json');
    const { id, allow, expires } = JSON.parse(made);
    expect(allow).toEqual(['read', 'publish']);
    await registry.accountsLog.kick();
    expect(registry.accountIndex.token(id)).toMatchObject({
      allow: ['read', 'publish'],
      names: ['x-*', '@alice/*'],
      from: ['192.0.2.0/24'],
      expiresAt: expires,
    });
    expect(await run('user', 'list')).toEqual([
      'alice',
      `  ${id}  valid  until ${expires}  allow read,publish  names x-*,@alice/*  from 192.0.2.0/24`,
    ]);
  });

  it.each([
    ['--allow', 'fly', '--allow cannot be "fly"'],
    ['--names', '**', '--names cannot be "**"'],
    ['--from', 'nowhere', '--from cannot be "nowhere"'],
    ['--from', ',', '--from cannot be ","'],
    ['--expires', 'soon', '"soon" is no length of time'],
  ])('refuses %s %s', async (flag, value, reason) => {
    await expect(run('token', 'create', 'alice', flag, value)).rejects.toEqual(
      failsWith('EBPM_REGISTRY_USAGE', reason),
    );
  });
});

describe('user reset', () => {
  it('takes away the password and the one-time codes, or one of them', async () => {
    const { accounts, logins, people } = registry;
    const { id } = await accounts.addUser('alice');
    await logins.setPassword(id, 'correct horse battery', undefined);
    await people.change(id, (profile) => ({ ...profile, otp: 'A'.repeat(32), otpPending: 'B'.repeat(32) }));
    const [gone = ''] = await run('user', 'reset', 'alice', '--only', 'otp', '--json');
    expect(JSON.parse(gone)).toEqual({ id, name: 'alice', gone: ['otp'] });
    expect(await people.profile(id)).toEqual({ name: 'alice', password: expect.stringMatching(/^scrypt/) });
    await people.change(id, (profile) => ({ ...profile, otp: 'A'.repeat(32) }));
    await accounts.resetLogin('alice', 'password');
    expect(await people.profile(id)).toEqual({ name: 'alice', otp: 'A'.repeat(32) });
    expect(await run('user', 'reset', 'alice')).toEqual(['alice has no password and no one-time codes any more']);
    expect(await people.profile(id)).toEqual({ name: 'alice' });
  });

  it('refuses who is not there, and what it does not know', async () => {
    await expect(registry.accounts.resetLogin('nobody')).rejects.toEqual(failsWith('EBPM_USER_NOT_FOUND'));
    await expect(run('user', 'reset', 'alice', '--only', 'name')).rejects.toEqual(failsWith('EBPM_REGISTRY_USAGE'));
  });
});

describe('organisation member', () => {
  it('puts users into an organisation and takes them out, but for the last admin', async () => {
    const { id } = await registry.accounts.addUser('alice');
    await registry.accounts.addUser('bob');
    await registry.accounts.addOrganisation('acme', id);
    const member = (name: string, role: string) => run('organisation', 'member', 'acme', name, '--role', role);
    await expect(member('alice', 'none')).rejects.toEqual(failsWith('EBPM_LAST_OWNER'));
    expect(await member('bob', 'admin')).toEqual(['bob is admin of @acme']);
    expect(await member('alice', 'none')).toEqual(['alice is not in @acme']);
    expect(await run('organisation', 'show', 'acme')).toEqual(['admin   bob']);
    await expect(member('bob', 'king')).rejects.toEqual(failsWith('EBPM_REGISTRY_USAGE'));
    await expect(run('organisation', 'show', 'other')).rejects.toEqual(failsWith('EBPM_ORGANISATION_NOT_FOUND'));
  });
});

describe('owner add and remove', () => {
  it('give a package to others, also when its owner was erased', async () => {
    const { accounts } = registry;
    const { id } = await accounts.addUser('alice');
    await accounts.addUser('bob');
    const { token } = await accounts.createToken('alice');
    const app = buildApp({ registry });
    expect((await publish({ app, registry }, token, samplePackage())).statusCode).toBe(201);
    await app.close();
    await expect(run('owner', 'remove', 'sigsnoop', 'alice')).rejects.toEqual(failsWith('EBPM_LAST_OWNER'));
    await accounts.eraseUser('alice');
    expect(await run('owner', 'add', 'sigsnoop', 'bob')).toEqual([`"sigsnoop" belongs to ${id}, bob`]);
    const [left = ''] = await run('owner', 'remove', 'sigsnoop', id, '--json');
    expect(JSON.parse(left)).toEqual({ name: 'sigsnoop', owners: ['bob'] });
    const wish = { name: 'nothing', action: 'add', owner: 'bob' } as const;
    await expect(changeOwner(registry, wish)).rejects.toEqual(failsWith('EBPM_PACKAGE_NOT_FOUND'));
  });
});
