import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { publish, RegistryWorld, type Replica } from '../registry-world.js';
import { samplePackage } from '../sample-package.js';

let world: RegistryWorld;
let replica: Replica;
const authorizations = new Map<Identity, string | undefined>();
const owned = samplePackage({ name: 'owned' });

beforeAll(async () => {
  world = new RegistryWorld();
  replica = await world.replica();
  const owner = await world.tokenOf('owner', replica);
  await replica.registry.accounts.addUser('leaver');
  const revoked = await replica.registry.accounts.createToken('leaver', undefined);
  await replica.registry.accounts.revokeToken(revoked.id);
  authorizations
    .set('nobody', undefined)
    .set('another scheme', 'Basic b3duZXI6c2VjcmV0')
    .set('no token at all', 'Bearer owner')
    .set('unknown token', `Bearer ebpm_${'A'.repeat(43)}`)
    .set('revoked token', `Bearer ${revoked.token}`)
    .set('expired token', `Bearer ${await world.tokenOf('late', replica, 60_000)}`)
    .set('owner', `Bearer ${owner}`)
    .set('other user', `Bearer ${await world.tokenOf('other', replica)}`);
  await publish(replica, owner, owned);
  world.putForward(120_000);
});
afterAll(() => world.close());

type Identity =
  | 'nobody'
  | 'another scheme'
  | 'no token at all'
  | 'unknown token'
  | 'revoked token'
  | 'expired token'
  | 'owner'
  | 'other user';

const IDENTITIES: readonly Identity[] = [
  'nobody',
  'another scheme',
  'no token at all',
  'unknown token',
  'revoked token',
  'expired token',
  'owner',
  'other user',
];

const NOT_LET_IN = {
  nobody: '401 EBPM_TOKEN_REQUIRED',
  'another scheme': '401 EBPM_TOKEN_INVALID',
  'no token at all': '401 EBPM_TOKEN_INVALID',
  'unknown token': '401 EBPM_TOKEN_INVALID',
  'revoked token': '401 EBPM_TOKEN_INVALID',
  'expired token': '401 EBPM_TOKEN_EXPIRED',
} as const;

const EVERYBODY = Object.fromEntries(IDENTITIES.map((identity) => [identity, '200']));

interface Row {
  readonly method: 'GET' | 'PUT';
  readonly url: string;
  readonly answers: Readonly<Record<string, string>>;
  readonly body?: ReturnType<typeof samplePackage>;
}

/** Every route, and what each kind of identity is told there. */
const TABLE: readonly Row[] = [
  { method: 'GET', url: '/healthz', answers: EVERYBODY },
  { method: 'GET', url: '/readyz', answers: EVERYBODY },
  { method: 'GET', url: '/api/v1/packages/owned', answers: EVERYBODY },
  { method: 'GET', url: '/api/v1/packages/owned/versions/1.0.0', answers: EVERYBODY },
  { method: 'GET', url: `/api/v1/blobs/sha256/${owned.digest.slice(7)}`, answers: EVERYBODY },
  { method: 'GET', url: '/api/v1/search?q=owned', answers: EVERYBODY },
  { method: 'GET', url: '/api/v1/whoami', answers: { ...NOT_LET_IN, owner: '200', 'other user': '200' } },
  {
    method: 'PUT',
    url: '/api/v1/packages/owned/versions/1.1.0',
    body: samplePackage({ name: 'owned', version: '1.1.0' }),
    answers: { ...NOT_LET_IN, 'other user': '403 EBPM_NOT_OWNER', owner: '201' },
  },
  {
    method: 'PUT',
    url: '/api/v1/packages/owned/versions/1.0.0',
    body: owned,
    answers: { ...NOT_LET_IN, 'other user': '403 EBPM_NOT_OWNER', owner: '200' },
  },
];

describe.each(TABLE)('$method $url', ({ method, url, body, answers }) => {
  it.each(IDENTITIES)('answers "%s" as the table says', async (identity) => {
    const authorization = authorizations.get(identity);
    const answer = await replica.app.inject({
      method,
      url,
      headers: {
        ...(authorization !== undefined && { authorization }),
        ...(body !== undefined && { 'content-type': 'application/x-tar', 'ebpm-digest': body.digest }),
      },
      ...(body !== undefined && { payload: Buffer.from(body.archive) }),
    });
    const code = answer.statusCode < 400 ? '' : ` ${answer.json().code}`;
    expect(`${answer.statusCode}${code}`).toBe(answers[identity]);
    expect(answer.headers['www-authenticate']).toBe(answer.statusCode === 401 ? 'Bearer' : undefined);
  });
});

describe('the table', () => {
  it('has every route of the API', () => {
    const routes = replica.app.printRoutes({ commonPrefix: false }).match(/\b(GET|PUT|POST|DELETE|PATCH)\b/g);
    expect(routes).toHaveLength(8);
    expect(new Set(TABLE.map(({ method, url }) => `${method} ${url.replace(/\/1\.[01]\.0|\?.*/g, '')}`)).size).toBe(8);
  });
});

describe('PUT without a token', () => {
  it('is refused before the body is read, and the connection ends', async () => {
    const answer = await publish(replica, '', owned, { headers: { authorization: '' } });
    expect([answer.statusCode, answer.headers.connection]).toEqual([401, 'close']);
  });
});
