import { cliPublishersKind, cliPublishKind, cliRegistryChangeKind } from '@ebpm/schemas';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { LocalIssuer } from '../../packages/registry/test/local-issuer.js';
import { Authenticator } from './authenticator.js';
import { openWorld, type World } from './open-world.js';
import { Person } from './person.js';
import { newToken } from './registry-process.js';

let world: World;
let issuer: LocalIssuer;
let alice: Person;

beforeAll(async () => {
  issuer = await LocalIssuer.start();
  world = await openWorld({ EBPM_REGISTRY_OUTBOUND_ALLOW: '127.0.0.1' });
  alice = new Person(world, world.token);
  await alice.publish('from-ci', '1.0.0');
});
afterAll(async () => {
  await world.close();
  await issuer.close();
});

const CLAIMS = ['--claim', 'repository=alice/from-ci', '--claim', 'ref=refs/heads/main'];

/** A job of the CI service asks for a token, as its publishing step would; what it is told. */
async function asJob(ref = 'refs/heads/main') {
  const api = `${world.registry.url}/api/v1/oidc`;
  const { audience } = (await (await fetch(api)).json()) as { audience: string };
  const token = await issuer.token({ claims: { repository: 'alice/from-ci', ref }, audience });
  const answer = await fetch(`${api}/token`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ package: 'from-ci', token }),
  });
  return (await answer.json()) as { readonly token: string; readonly code?: string };
}

const project = (version: string) => world.newProject({ name: 'from-ci', version });

describe('ebpm publisher', () => {
  it('ebpm publisher add lets a CI job publish, ls shows it, rm ends it at once', async () => {
    expect((await asJob()).code).toBe('EBPM_OIDC_REFUSED');
    const add = ['publisher', 'add', 'from-ci', '--issuer', issuer.url, ...CLAIMS];
    const added = await alice.json(cliRegistryChangeKind, ...add);
    expect(added).toMatchObject({ change: 'publisher-added', name: 'from-ci' });
    const id = String(added.publisher);
    // Once more is the same.
    expect((await alice.json(cliRegistryChangeKind, ...add)).publisher).toBe(id);
    const claims = { repository: 'alice/from-ci', ref: 'refs/heads/main' };
    expect(await alice.json(cliPublishersKind, 'publisher', 'ls', 'from-ci')).toEqual({
      registry: world.registry.url,
      name: 'from-ci',
      publishers: [{ id, issuer: issuer.url, claims }],
    });
    const words = await alice.words('publisher', 'ls', 'from-ci');
    expect(words.split(/[\t\n]/).slice(0, 2)).toEqual([id, issuer.url]);
    expect(words).toContain('repository=alice/from-ci');
    expect(await alice.change('access', 'set', 'publishers=trusted', 'from-ci')).toBe('publish-trusted-only');
    expect(await alice.failure('publish', project('1.1.0'))).toBe('EBPM_TRUSTED_ONLY 1');

    expect((await asJob('refs/heads/other')).code).toBe('EBPM_OIDC_REFUSED');
    const job = new Person(world, (await asJob()).token);
    expect(await job.json(cliPublishKind, 'publish', project('1.1.0'))).toMatchObject({ created: true });
    expect(await job.failure('publisher', 'ls', 'from-ci')).toBe('EBPM_TOKEN_FORBIDDEN 1');

    expect(await alice.words('publisher', 'rm', 'from-ci', id)).toBe(`${id} does not publish from-ci any more\n`);
    expect(await job.failure('publish', project('1.2.0'))).toBe('EBPM_TOKEN_INVALID 1');
    expect((await asJob()).code).toBe('EBPM_OIDC_REFUSED');
    expect(await alice.failure('publisher', 'rm', 'from-ci', id)).toBe('EBPM_TRUST_NOT_FOUND 1');
    expect((await alice.json(cliPublishersKind, 'publisher', 'ls', 'from-ci')).publishers).toEqual([]);
  });

  it('ebpm publisher add takes a code where people publish with one, and rm takes none', async () => {
    await alice.publish('coded', '1.0.0');
    const app = await Authenticator.setUp(world.registry.url, world.token);
    expect(await alice.change('access', 'set', 'mfa=publish', 'coded')).toBe('publish-otp-required');
    const add = ['publisher', 'add', 'coded', '--issuer', issuer.url, ...CLAIMS];
    expect(await alice.failure(...add)).toBe('EBPM_OTP_REQUIRED 1');
    const { publisher } = await alice.json(cliRegistryChangeKind, ...add, '--otp', await app.code());
    expect(await alice.change('publisher', 'rm', 'coded', String(publisher))).toBe('publisher-removed');
  });

  it('ebpm publisher says what is wrong with what was typed', async () => {
    const add = (...flags: string[]) => alice.failure('publisher', 'add', 'from-ci', ...flags);
    expect(await add('--issuer', issuer.url)).toBe('EBPM_USAGE_INVALID 2');
    expect(await add(...CLAIMS)).toBe('EBPM_USAGE_INVALID 2');
    expect(await add('--issuer', issuer.url, '--claim', 'main')).toBe('EBPM_USAGE_INVALID 2');
    expect(await add('--issuer', 'http://ci.example', ...CLAIMS)).toBe('EBPM_REQUEST_INVALID 1');
    expect(await alice.failure('publisher', 'rm', 'from-ci', 'k_1')).toBe('EBPM_USAGE_INVALID 2');
    const bob = new Person(world, await newToken(world.place, 'bob'));
    expect(await bob.failure('publisher', 'ls', 'from-ci')).toBe('EBPM_NOT_OWNER 1');
    expect(await bob.failure('publisher', 'add', 'from-ci', '--issuer', issuer.url, ...CLAIMS)).toBe(
      'EBPM_NOT_OWNER 1',
    );
    expect(await alice.warning('publisher', 'list')).toContain('Did you mean "ebpm publisher ls"?');
    expect(await alice.warning('publisher', 'remove')).toContain('Did you mean "ebpm publisher rm"?');
  });
});
