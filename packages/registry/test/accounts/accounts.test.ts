import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { personKey } from '../../src/stores/keys.js';
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
    await replica.registry.people.claim('halfway', id);
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

describe('People', () => {
  it('shows the id of a user whose records were removed', async () => {
    const { id } = await replica.registry.accounts.addUser('leaver');
    await world.store.remove(personKey(id, 1));
    const other = await world.replica();
    expect((await other.registry.accounts.listUsers()).find((user) => user.id === id)?.name).toBe(id);
  });

  it('takes the record with the highest number', async () => {
    const { id } = await replica.registry.accounts.addUser('maiden');
    const [first] = await world.store.list(`people/${id}/`);
    expect(first).toBe(personKey(id, 1));
    await replica.registry.people.write(id, 10, 'married');
    await replica.registry.people.write(id, 2, 'between');
    const other = await world.replica();
    expect(await other.registry.people.nameOf(id)).toBe('married');
  });
});
