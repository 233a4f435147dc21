import { generateKeyPair } from 'jose';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { Outbound } from '../../src/outbound.js';
import { LocalIssuer, type TokenWish } from '../local-issuer.js';
import { publish, RegistryWorld, type Replica } from '../registry-world.js';
import { samplePackage } from '../sample-package.js';

let world: RegistryWorld;
let replica: Replica;
let issuer: LocalIssuer;

beforeAll(async () => {
  issuer = await LocalIssuer.start();
  world = new RegistryWorld();
  replica = await world.replica(undefined, new Outbound({ userAgent: 'test', allow: ['127.0.0.1'] }));
  const owner = await world.tokenOf('alice', replica);
  await publish(replica, owner, samplePackage());
  const answer = await replica.app.inject({
    method: 'POST',
    url: '/api/v1/packages/sigsnoop/trusts',
    headers: { authorization: `Bearer ${owner}` },
    payload: {
      issuer: issuer.url,
      claims: { repository: 'alice/sigsnoop', ref: 'refs/heads/main', run_attempt: '1' },
    },
  });
  expect(answer.statusCode).toBe(201);
});
afterAll(async () => {
  await world.close();
  await issuer.close();
});

const CLAIMS = { repository: 'alice/sigsnoop', ref: 'refs/heads/main', run_attempt: 1, extra: 'x' };

async function jwt({ ageS = 0, ...wish }: Partial<TokenWish> & { readonly ageS?: number } = {}): Promise<string> {
  const { audience } = (await replica.app.inject('/api/v1/oidc')).json();
  return issuer.token({ claims: CLAIMS, audience, madeMs: world.clock.nowMs() - ageS * 1_000, ...wish });
}

async function exchange(token: string, name = 'sigsnoop') {
  const answer = await replica.app.inject({
    method: 'POST',
    url: '/api/v1/oidc/token',
    payload: { package: name, token },
  });
  return { status: answer.statusCode, body: answer.json() };
}

describe('POST /api/v1/oidc/token', () => {
  it('gives the job that the package trusts a token for a quarter of an hour and that package alone', async () => {
    const { status, body } = await exchange(await jwt());
    expect(status).toBe(201);
    expect(Date.parse(body.expires) - world.clock.nowMs()).toBeLessThanOrEqual(900_000);
    const send = (name: string) => publish(replica, body.token, samplePackage({ name, version: '1.1.0' }));
    expect((await send('sigsnoop')).statusCode).toBe(201);
    expect((await send('other')).json().code).toBe('EBPM_TOKEN_FORBIDDEN');
    const { publisher } = replica.registry.packages.version('sigsnoop', '1.1.0') ?? {};
    expect(publisher).toMatch(/^c_[0-9a-f]{32}$/);
  });

  it.each<[string, () => Promise<string>]>([
    ['with other claims', () => jwt({ claims: { ...CLAIMS, ref: 'refs/heads/evil' } })],
    ['without a claim', () => jwt({ claims: { repository: 'alice/sigsnoop' } })],
    ['for another registry', () => jwt({ audience: 'ebpm:00000000000000000000000000000000' })],
    ['from another issuer', () => jwt({ from: 'https://other.example' })],
    ['that is over', () => jwt({ ageS: 3_000 })],
    ['of the future', () => jwt({ ageS: -3_000 })],
    ['that another key signed', async () => jwt({ by: (await generateKeyPair('ES256')).privateKey })],
    ['that a shared secret signed', () => jwt({ by: new Uint8Array(32), algorithm: 'HS256' })],
    ['that nobody signed', async () => `${(await jwt()).split('.').slice(0, 2).join('.')}.`],
    ['that says "none" signed it', async () => unsigned(await jwt())],
    ['that is none', async () => 'nonsense'],
  ])('refuses a token %s', async (_what, make) => {
    expect(await exchange(await make())).toMatchObject({ status: 403, body: { code: 'EBPM_OIDC_REFUSED' } });
  });

  it('refuses a token for a package that does not trust its issuer, without asking anybody', async () => {
    const before = issuer.asked;
    expect(await exchange(await jwt(), 'other')).toMatchObject({ status: 403, body: { code: 'EBPM_OIDC_REFUSED' } });
    expect(issuer.asked).toBe(before);
  });

  it('reads the keys again when the issuer has taken a new one', async () => {
    await issuer.changeKey('second');
    expect((await exchange(await jwt())).status).toBe(403);
    world.putForward(60_000);
    expect((await exchange(await jwt())).status).toBe(201);
  });
});

function unsigned(token: string): string {
  const [, payload] = token.split('.');
  return `${Buffer.from('{"alg":"none"}').toString('base64url')}.${payload}.`;
}
