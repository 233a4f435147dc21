import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { loadServerKey } from '../../src/keys/load-server-key.js';
import { sealRecord } from '../../src/keys/sealed-record.js';
import { type PersonKey, personKey } from '../../src/stores/keys.js';
import { RegistryWorld, type Replica } from '../registry-world.js';

let world: RegistryWorld;
let replica: Replica;

beforeAll(async () => {
  world = new RegistryWorld();
  replica = await world.replica();
});
afterAll(() => world.close());

const failsWith = (code: string) => expect.objectContaining({ code });
const whoami = ({ app }: Replica, token: string) =>
  app.inject({ url: '/api/v1/whoami', headers: { authorization: `Bearer ${token}` } });

/** Everything in the store, keys and bytes. */
async function storeText(): Promise<string> {
  const keys = (
    await Promise.all((['log/', 'accounts/', 'people/'] as const).map((prefix) => world.store.list(prefix)))
  ).flat();
  const bytes = await Promise.all(keys.map((key) => world.store.get(key)));
  return [...keys, ...bytes.map((value) => Buffer.from(value ?? []).toString('latin1'))].join('\n');
}

describe('Accounts.addUser()', () => {
  it('adds a user who is listed by name', async () => {
    const { id } = await replica.registry.accounts.addUser('alice');
    const users = await replica.registry.accounts.listUsers();
    expect(users).toContainEqual({ id, name: 'alice', createdAt: expect.any(String), tokens: [] });
  });

  it('leaves no name readable anywhere in the store', async () => {
    await replica.registry.accounts.addUser('wilhelmina');
    const text = await storeText();
    expect(text).not.toContain('wilhelmina');
    expect(text).not.toContain(Buffer.from('wilhelmina').toString('base64url').slice(0, -2));
  });

  it('refuses a name that somebody has, on any replica', async () => {
    const other = await world.replica();
    await expect(other.registry.accounts.addUser('alice')).rejects.toEqual(failsWith('EBPM_USER_EXISTS'));
  });

  it('lets one of several replicas that ask at once have a name', async () => {
    const replicas = await Promise.all([world.replica(), world.replica()]);
    const answers = await Promise.allSettled(replicas.map(({ registry }) => registry.accounts.addUser('racer')));
    expect(answers.map(({ status }) => status).sort()).toEqual(['fulfilled', 'rejected']);
    expect(answers).toContainEqual({ status: 'rejected', reason: failsWith('EBPM_USER_EXISTS') });
  });

  it('completes what a crash left half done', async () => {
    const id = `u_${'7'.repeat(32)}`;
    await replica.registry.people.claim('halfway', id, () => false);
    expect(await replica.registry.accounts.addUser('halfway')).toEqual({ id, name: 'halfway' });
  });

  it.each(['', 'Alice', 'a b', '-a', 'a'.repeat(40), 'a/b', 'ü'])('refuses the name "%s"', async (name) => {
    await expect(replica.registry.accounts.addUser(name)).rejects.toEqual(failsWith('EBPM_USER_NAME_INVALID'));
  });
});

describe('Accounts.createToken()', () => {
  it('makes a token that works at once on every replica, and stores only its hash', async () => {
    const other = await world.replica();
    const { token, user, expires } = await replica.registry.accounts.createToken('alice', undefined);
    expect(token).toMatch(/^ebpm_[A-Za-z0-9_-]{43}$/);
    expect(expires).toBeUndefined();
    expect((await whoami(other, token)).json().user).toEqual({ id: user, name: 'alice' });
    expect(await storeText()).not.toContain(token.slice(5));
  });

  it('ends when its time is over', async () => {
    const { token, expires } = await replica.registry.accounts.createToken('alice', 60_000);
    expect((await whoami(replica, token)).json().token.expires).toBe(expires);
    world.putForward(60_001);
    expect((await whoami(replica, token)).json().code).toBe('EBPM_TOKEN_EXPIRED');
  });

  it('refuses a user that is not there', async () => {
    await expect(replica.registry.accounts.createToken('nobody', undefined)).rejects.toEqual(
      failsWith('EBPM_USER_NOT_FOUND'),
    );
  });
});

describe('Accounts.revokeToken()', () => {
  it('ends a token for good; doing it again is no error', async () => {
    const { id, token } = await replica.registry.accounts.createToken('alice', undefined);
    await replica.registry.accounts.revokeToken(id);
    await replica.registry.accounts.revokeToken(id);
    expect((await whoami(replica, token)).json().code).toBe('EBPM_TOKEN_INVALID');
  });

  it('refuses an id that no token has', async () => {
    await expect(replica.registry.accounts.revokeToken(`t_${'0'.repeat(16)}`)).rejects.toEqual(
      failsWith('EBPM_TOKEN_NOT_FOUND'),
    );
  });
});

describe('Accounts.addOrganisation()', () => {
  it('adds an organisation with its first admin; users and organisations share their names', async () => {
    const { accounts, accountIndex } = replica.registry;
    const { id: admin } = await accounts.addUser('founder');
    const { id } = await accounts.addOrganisation('acme', admin);
    expect(accountIndex.record('member', `${id}/${admin}`)?.role).toBe('admin');
    for (const again of [accounts.addOrganisation('acme', admin), accounts.addUser('acme')]) {
      await expect(again).rejects.toEqual(failsWith('EBPM_USER_EXISTS'));
    }
    await expect(accounts.addOrganisation('founder', admin)).rejects.toEqual(failsWith('EBPM_USER_EXISTS'));
    await expect(accounts.addOrganisation('security', admin)).rejects.toEqual(failsWith('EBPM_NAME_RESERVED'));
  });
});

describe('Accounts.eraseUser()', () => {
  it('ends the tokens, removes the name everywhere, and gives the name to nobody', async () => {
    const { accounts, people } = replica.registry;
    const { id } = await accounts.addUser('gone');
    const { token } = await accounts.createToken('gone');
    await people.change(id, (profile) => ({ ...profile, password: 'secret' }));
    await accounts.eraseUser('gone');
    await accounts.eraseUser('gone');
    expect((await whoami(replica, token)).json().code).toBe('EBPM_TOKEN_INVALID');
    expect(await people.nameOf(id)).toBeUndefined();
    expect(await world.store.list(`people/${id}/`)).toEqual([]);
    await expect(accounts.addUser('gone')).rejects.toEqual(failsWith('EBPM_USER_EXISTS'));
    await expect(accounts.createToken('gone')).rejects.toEqual(failsWith('EBPM_USER_NOT_FOUND'));
    expect((await accounts.listUsers()).find((user) => user.id === id)).toMatchObject({ name: id });
  });
});

describe('People', () => {
  it('cannot read a copy of the records of somebody whose own key was removed', async () => {
    const { id } = await replica.registry.accounts.addUser('leaver');
    await world.store.remove(personKey(id, 0));
    expect(await replica.registry.people.profile(id)).toBeUndefined();
  });

  it('reads records from before people had keys of their own', async () => {
    const { id } = await replica.registry.accounts.addUser('elder');
    for (const key of await world.store.list(`people/${id}/`)) await world.store.remove(key as PersonKey);
    const place = personKey(id, 3);
    await world.store.create(
      place,
      sealRecord(await loadServerKey(world.store, world.keyFile), place, { name: 'elder' }),
    );
    expect(await replica.registry.people.profile(id)).toEqual({ name: 'elder' });
  });

  it('loses no change of several at once, and keeps only the newest record', async () => {
    const { people, accounts } = replica.registry;
    const { id } = await accounts.addUser('busy');
    await Promise.all([
      people.change(id, (profile) => ({ ...profile, password: 'p' })),
      people.change(id, (profile) => ({ ...profile, otp: 'o' })),
    ]);
    expect(await people.profile(id)).toEqual({ name: 'busy', password: 'p', otp: 'o' });
    expect(await world.store.list(`people/${id}/`)).toHaveLength(2);
  });
});
