import { generateKeyPairSync, type KeyObject } from 'node:crypto';
import { proveKey, publisherKeyId } from '@ebpm/formats';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { publish, RegistryWorld, type Replica } from '../registry-world.js';
import { samplePackage } from '../sample-package.js';

// Who is told what, everywhere: a table of every route and every kind of identity. A route that is not in it fails the last test.

let world: RegistryWorld;
let replica: Replica;
let trust: string;
let ownerId: string;
let acmeId: string;
const { privateKey: signer } = generateKeyPairSync('ed25519');
const { privateKey: acmeSigner } = generateKeyPairSync('ed25519');
const idOf = (key: KeyObject) => publisherKeyId(proveKey(key, '').publicKey);
const authorizations = new Map<Identity, string | undefined>();
const owned = samplePackage({ name: 'owned' });
const secret = samplePackage({ name: '@acme/secret', content: 'secret' });

type Identity = (typeof IDENTITIES)[number];

const IDENTITIES = [
  'nobody',
  'another scheme',
  'no token at all',
  'unknown token',
  'revoked token',
  'expired token',
  'owner',
  'other user',
  'team reader',
  'team writer',
  'member',
  'read-only token',
  'token of another name',
  'token from elsewhere',
] as const;

beforeAll(async () => {
  world = new RegistryWorld();
  replica = await world.replica();
  const { accounts } = replica.registry;
  const ids = new Map<string, string>();
  for (const name of ['owner', 'leaver', 'late', 'other', 'reader', 'writer', 'member']) {
    ids.set(name, (await accounts.addUser(name)).id);
  }
  const userId = (name: string) => String(ids.get(name));
  const asking = { by: userId('owner'), check: () => undefined };
  const { id: organisation } = await accounts.addOrganisation('acme', userId('owner'));
  [ownerId, acmeId] = [userId('owner'), organisation];
  for (const [name, level] of [
    ['reader', 'read'],
    ['writer', 'write'],
  ] as const) {
    await accounts.setMember({ organisation, user: userId(name), role: 'member' });
    await accounts.setTeam({ organisation, team: name, action: 'create' }, asking);
    await accounts.setTeamMember({ organisation, team: name, user: userId(name), action: 'add' }, asking);
    await accounts.setGrant({ organisation, team: name, pattern: '@acme/*', level }, asking);
  }
  await accounts.setMember({ organisation, user: userId('member'), role: 'member' });

  const token = async (name: string, lifeMs?: number, limits?: Parameters<typeof accounts.createToken>[2]) =>
    (await accounts.createToken(name, lifeMs, limits)).token;
  const owner = await token('owner');
  const revoked = await accounts.createToken('leaver');
  await accounts.revokeToken(revoked.id);
  authorizations
    .set('nobody', undefined)
    .set('another scheme', 'Basic b3duZXI6c2VjcmV0')
    .set('no token at all', 'Bearer owner')
    .set('unknown token', `Bearer ebpm_${'A'.repeat(43)}`)
    .set('revoked token', `Bearer ${revoked.token}`)
    .set('expired token', `Bearer ${await token('late', 60_000)}`)
    .set('owner', `Bearer ${owner}`)
    .set('other user', `Bearer ${await token('other')}`)
    .set('team reader', `Bearer ${await token('reader')}`)
    .set('team writer', `Bearer ${await token('writer')}`)
    .set('member', `Bearer ${await token('member')}`)
    .set('read-only token', `Bearer ${await token('owner', undefined, { allow: ['read'] })}`)
    .set('token of another name', `Bearer ${await token('owner', undefined, { names: ['elsewhere'] })}`)
    .set('token from elsewhere', `Bearer ${await token('owner', undefined, { from: ['192.0.2.0/24'] })}`);
  await publish(replica, owner, owned);
  await publish(replica, owner, secret, { url: `${path('@acme/secret')}/versions/1.0.0?visibility=private` });
  // Of both people publish with a one-time code, which the owner has not set up.
  const { id: club } = await accounts.addOrganisation('club', userId('owner'));
  await accounts.setTeam({ organisation: club, team: 'core', action: 'create' }, asking);
  for (const name of ['coded', '@club/coded']) {
    await publish(replica, owner, samplePackage({ name }));
    await accounts.setPolicy({ package: name, otp: true, trustedOnly: false }, asking);
  }
  trust = await accounts.addTrust(
    { package: '@acme/secret', issuer: 'https://ci.example', claims: { a: 'b' } },
    asking,
  );
  world.putForward(120_000);
});
afterAll(() => world.close());

type Answers = Readonly<Record<Identity, string>>;

const NOT_LET_IN = {
  nobody: '401 EBPM_TOKEN_REQUIRED',
  'another scheme': '401 EBPM_TOKEN_INVALID',
  'no token at all': '401 EBPM_TOKEN_INVALID',
  'unknown token': '401 EBPM_TOKEN_INVALID',
  'revoked token': '401 EBPM_TOKEN_INVALID',
  'expired token': '401 EBPM_TOKEN_EXPIRED',
  'token from elsewhere': '403 EBPM_TOKEN_FORBIDDEN',
} as const;

function everybody(status: string): Answers {
  return Object.fromEntries(IDENTITIES.map((identity) => [identity, status])) as Answers;
}

const LIMITED = {
  'read-only token': '403 EBPM_TOKEN_FORBIDDEN',
  'token of another name': '403 EBPM_TOKEN_FORBIDDEN',
} as const;

/** Of reading something private: who may not is told that there is nothing, unless his token is no good. */
function readers(status: string, missing: string): Answers {
  return {
    ...everybody(status),
    ...NOT_LET_IN,
    nobody: missing,
    'other user': missing,
    member: missing,
    'token of another name': missing,
  };
}

/** Of changing the private package. */
function changers(status: string, level: 'write' | 'admin', refusal = '403 EBPM_NOT_OWNER'): Answers {
  const missing = '404 EBPM_PACKAGE_NOT_FOUND';
  return {
    ...everybody(status),
    ...NOT_LET_IN,
    ...LIMITED,
    'other user': missing,
    member: missing,
    'team reader': refusal,
    'team writer': level === 'write' ? status : refusal,
  };
}

/** Of what concerns the account that asks. */
function accounts(status: string): Answers {
  return { ...everybody(status), ...NOT_LET_IN, ...LIMITED };
}

/** Of changing an organisation. */
function admins(status: string): Answers {
  const notAdmin = '403 EBPM_NOT_ADMIN';
  return {
    ...accounts(status),
    'other user': '404 EBPM_ORGANISATION_NOT_FOUND',
    'team reader': notAdmin,
    'team writer': notAdmin,
    member: notAdmin,
  };
}

/** Of deciding who publishes a package that is published with a one-time code: the owner has none, and the others have no right to it. */
function codes(): Answers {
  return {
    ...everybody('403 EBPM_NOT_OWNER'),
    ...NOT_LET_IN,
    ...LIMITED,
    owner: '403 EBPM_OTP_REQUIRED',
  };
}

/** Of giving rights in an organisation that has such a package. */
function clubCodes(): Answers {
  return {
    ...everybody('404 EBPM_ORGANISATION_NOT_FOUND'),
    ...NOT_LET_IN,
    ...LIMITED,
    owner: '403 EBPM_OTP_REQUIRED',
  };
}

interface Row {
  readonly method: 'GET' | 'PUT' | 'POST' | 'DELETE';
  /** As the route is written. */
  readonly route: string;
  readonly url?: string | (() => string);
  readonly answers: Answers;
  readonly archive?: ReturnType<typeof samplePackage>;
  readonly body?: Readonly<Record<string, unknown>> | (() => object);
}

const PACKAGE = '/api/v1/packages/:name';
const VERSION = `${PACKAGE}/versions/:version`;
const ORGANISATION = '/api/v1/organisations/:organisation';

/** Every route, and what each kind of identity is told there. Rows run in this order, identities from left to right. */
const TABLE: readonly Row[] = [
  { method: 'GET', route: '/healthz', answers: everybody('200') },
  { method: 'GET', route: '/readyz', answers: everybody('200') },
  { method: 'GET', route: '/metrics', answers: everybody('200') },
  { method: 'GET', route: '/api/docs', answers: everybody('200') },
  { method: 'GET', route: '/api/v1/openapi.json', answers: everybody('200') },
  { method: 'GET', route: '/api/v1/search', url: '/api/v1/search?q=owned', answers: everybody('200') },
  { method: 'GET', route: '/api/v1/changes', answers: everybody('200') },
  {
    method: 'GET',
    route: `${PACKAGE}/downloads`,
    url: `${path('@acme/secret')}/downloads`,
    answers: readers('200', '404 EBPM_PACKAGE_NOT_FOUND'),
  },
  { method: 'GET', route: '/api/v1/webhooks', answers: accounts('200') },
  {
    method: 'POST',
    route: '/api/v1/webhooks',
    body: { target: '*', url: 'http://127.0.0.1/' },
    answers: accounts('422 EBPM_OUTBOUND_REFUSED'),
  },
  {
    method: 'DELETE',
    route: '/api/v1/webhooks/:id',
    url: `/api/v1/webhooks/${'0'.repeat(16)}`,
    answers: accounts('404 EBPM_WEBHOOK_NOT_FOUND'),
  },
  { method: 'GET', route: '/api/v1/log/entries', answers: everybody('200') },
  { method: 'GET', route: '/api/v1/log/checkpoint', answers: everybody('200') },
  { method: 'GET', route: '/api/v1/log/revocations', answers: everybody('200') },
  { method: 'GET', route: '/api/v1/log/key', answers: everybody('200') },
  { method: 'GET', route: '/api/v1/oidc', answers: everybody('200') },
  { method: 'GET', route: PACKAGE, url: path('owned'), answers: everybody('200') },
  { method: 'GET', route: PACKAGE, url: path('@acme/secret'), answers: readers('200', '404 EBPM_PACKAGE_NOT_FOUND') },
  { method: 'GET', route: VERSION, url: `${path('owned')}/versions/1.0.0`, answers: everybody('200') },
  {
    method: 'GET',
    route: VERSION,
    url: `${path('@acme/secret')}/versions/1.0.0`,
    answers: readers('200', '404 EBPM_PACKAGE_NOT_FOUND'),
  },
  { method: 'GET', route: '/api/v1/blobs/sha256/:hex', url: blob(owned), answers: everybody('200') },
  {
    method: 'GET',
    route: '/api/v1/blobs/sha256/:hex',
    url: blob(secret),
    answers: readers('200', '404 EBPM_BLOB_NOT_FOUND'),
  },
  {
    method: 'GET',
    route: `${PACKAGE}/owners`,
    url: `${path('@acme/secret')}/owners`,
    answers: readers('200', '404 EBPM_PACKAGE_NOT_FOUND'),
  },
  { method: 'GET', route: '/api/v1/whoami', answers: { ...everybody('200'), ...NOT_LET_IN } },
  {
    method: 'PUT',
    route: VERSION,
    url: `${path('owned')}/versions/1.1.0`,
    archive: samplePackage({ name: 'owned', version: '1.1.0' }),
    answers: {
      ...everybody('403 EBPM_NOT_OWNER'),
      ...NOT_LET_IN,
      ...LIMITED,
      owner: '201',
    },
  },
  {
    method: 'PUT',
    route: VERSION,
    url: `${path('@acme/secret')}/versions/1.1.0`,
    archive: samplePackage({ name: '@acme/secret', version: '1.1.0' }),
    answers: {
      ...changers('200', 'write'),
      owner: '201',
      'other user': '403 EBPM_SCOPE_FORBIDDEN',
      member: '403 EBPM_SCOPE_FORBIDDEN',
    },
  },
  change('PUT', `${VERSION}/yank`, '/versions/1.1.0/yank', changers('204', 'write'), { reason: 'broken' }),
  change('DELETE', `${VERSION}/yank`, '/versions/1.1.0/yank', changers('204', 'write')),
  change('PUT', `${PACKAGE}/deprecation`, '/deprecation', changers('204', 'write'), { message: 'old' }),
  change('PUT', `${PACKAGE}/tags/:tag`, '/tags/next', changers('204', 'write'), { version: '1.0.0' }),
  change('DELETE', `${PACKAGE}/tags/:tag`, '/tags/next', {
    ...changers('204', 'write'),
    'team writer': '404 EBPM_TAG_NOT_FOUND',
  }),
  change('PUT', `${PACKAGE}/owners/:owner`, '/owners/other', {
    ...changers('204', 'admin'),
    'other user': '204',
  }),
  change('DELETE', `${PACKAGE}/owners/:owner`, '/owners/other', changers('204', 'admin')),
  change('GET', `${PACKAGE}/policy`, '/policy', changers('200', 'admin')),
  change('PUT', `${PACKAGE}/policy`, '/policy', changers('204', 'admin'), { otp: false, trustedOnly: false }),
  change('GET', `${PACKAGE}/trusts`, '/trusts', changers('200', 'admin')),
  change('POST', `${PACKAGE}/trusts`, '/trusts', changers('201', 'admin'), {
    issuer: 'https://ci.example',
    claims: { a: 'c' },
  }),
  {
    method: 'DELETE',
    route: `${PACKAGE}/trusts/:trust`,
    url: () => `${path('@acme/secret')}/trusts/${trust}`,
    answers: changers('204', 'admin'),
  },
  coded('PUT', `${PACKAGE}/owners/:owner`, '/owners/other'),
  coded('DELETE', `${PACKAGE}/owners/:owner`, '/owners/owner'),
  coded('PUT', `${PACKAGE}/policy`, '/policy', { otp: false, trustedOnly: false }),
  coded('POST', `${PACKAGE}/trusts`, '/trusts', { issuer: 'https://ci.example', claims: { a: 'c' } }),
  coded('PUT', `${PACKAGE}/visibility`, '/visibility', { visibility: 'public' }),
  {
    method: 'POST',
    route: '/api/v1/login',
    body: { user: 'other', password: 'not this one' },
    // From the sixth attempt on, whoever asks.
    answers: {
      ...everybody('429 EBPM_LOGIN_THROTTLED'),
      ...Object.fromEntries(IDENTITIES.slice(0, 5).map((identity) => [identity, '401 EBPM_LOGIN_FAILED'])),
    },
  },
  {
    method: 'PUT',
    route: '/api/v1/account/password',
    body: { password: 'short' },
    answers: accounts('422 EBPM_PASSWORD_INVALID'),
  },
  { method: 'POST', route: '/api/v1/account/otp', answers: accounts('201') },
  { method: 'PUT', route: '/api/v1/account/otp', body: { code: '000000' }, answers: accounts('403 EBPM_OTP_WRONG') },
  {
    method: 'DELETE',
    route: '/api/v1/account/otp',
    body: { code: '000000' },
    answers: accounts('403 EBPM_OTP_REQUIRED'),
  },
  { method: 'GET', route: '/api/v1/tokens', answers: accounts('200') },
  { method: 'POST', route: '/api/v1/tokens', body: { allow: ['read'] }, answers: accounts('201') },
  {
    method: 'DELETE',
    route: '/api/v1/tokens/:token',
    url: `/api/v1/tokens/t_${'0'.repeat(16)}`,
    answers: accounts('404 EBPM_TOKEN_NOT_FOUND'),
  },
  { method: 'POST', route: '/api/v1/organisations', body: { name: 'acme' }, answers: accounts('409 EBPM_USER_EXISTS') },
  {
    method: 'GET',
    route: ORGANISATION,
    url: '/api/v1/organisations/acme',
    answers: { ...accounts('200'), 'other user': '404 EBPM_ORGANISATION_NOT_FOUND' },
  },
  organisation('PUT', `${ORGANISATION}/members/:user`, '/members/late', admins('204'), { role: 'member' }),
  organisation('DELETE', `${ORGANISATION}/members/:user`, '/members/late', admins('204')),
  organisation('PUT', `${ORGANISATION}/teams/:team`, '/teams/new', admins('204')),
  organisation('PUT', `${ORGANISATION}/teams/:team/members/:user`, '/teams/new/members/member', admins('204')),
  organisation('DELETE', `${ORGANISATION}/teams/:team/members/:user`, '/teams/new/members/member', admins('204')),
  organisation('PUT', `${ORGANISATION}/teams/:team/grants`, '/teams/new/grants', admins('204'), {
    pattern: '@acme/x',
    level: 'read',
  }),
  organisation('DELETE', `${ORGANISATION}/teams/:team`, '/teams/new', admins('204')),
  club('PUT', `${ORGANISATION}/members/:user`, '/members/member', { role: 'member' }),
  club('DELETE', `${ORGANISATION}/members/:user`, '/members/member'),
  club('PUT', `${ORGANISATION}/teams/:team/members/:user`, '/teams/core/members/owner'),
  club('PUT', `${ORGANISATION}/teams/:team/grants`, '/teams/core/grants', { pattern: '@club/*', level: 'write' }),
  { method: 'GET', route: '/api/v1/keys', answers: accounts('200') },
  {
    method: 'GET',
    route: '/api/v1/keys',
    url: '/api/v1/keys?organisation=acme',
    answers: { ...accounts('200'), 'other user': '404 EBPM_ORGANISATION_NOT_FOUND' },
  },
  {
    method: 'POST',
    route: '/api/v1/keys',
    body: () => proveKey(signer, ownerId),
    answers: {
      ...accounts('422 EBPM_KEY_PROOF_WRONG'),
      owner: '201',
    },
  },
  {
    method: 'POST',
    route: '/api/v1/keys',
    body: () => ({ ...proveKey(acmeSigner, acmeId), organisation: 'acme' }),
    answers: admins('201'),
  },
  {
    method: 'GET',
    route: '/api/v1/keys/:key',
    url: () => `/api/v1/keys/${idOf(acmeSigner)}`,
    answers: everybody('200'),
  },
  {
    method: 'DELETE',
    route: '/api/v1/keys/:key',
    url: () => `/api/v1/keys/${idOf(acmeSigner)}`,
    answers: { ...admins('204'), 'other user': '404 EBPM_KEY_NOT_FOUND' },
  },
  {
    method: 'DELETE',
    route: '/api/v1/keys/:key',
    url: () => `/api/v1/keys/${idOf(signer)}`,
    answers: { ...accounts('404 EBPM_KEY_NOT_FOUND'), owner: '204' },
  },
  {
    method: 'POST',
    route: '/api/v1/oidc/token',
    body: { package: 'owned', token: 'none' },
    answers: everybody('403 EBPM_OIDC_REFUSED'),
  },
  change(
    'PUT',
    `${PACKAGE}/visibility`,
    '/visibility',
    { ...changers('204', 'admin'), ...FREE() },
    { visibility: 'public' },
  ),
];

describe.each(TABLE)('$method $route (row %#)', ({ method, route, url = route, answers, archive, body }) => {
  it.each(IDENTITIES)('answers "%s" as the table says', async (identity) => {
    const authorization = authorizations.get(identity);
    const answer = await replica.app.inject({
      method,
      url: typeof url === 'string' ? url : url(),
      headers: {
        ...(authorization !== undefined && { authorization }),
        ...(archive !== undefined && { 'content-type': 'application/x-tar', 'ebpm-digest': archive.digest }),
        ...(body !== undefined && { 'content-type': 'application/json' }),
      },
      ...(archive !== undefined && { payload: Buffer.from(archive.archive) }),
      ...(body !== undefined && { payload: JSON.stringify(typeof body === 'function' ? body() : body) }),
    });
    const code = answer.statusCode < 400 ? '' : ` ${answer.json().code}`;
    expect(`${answer.statusCode}${code}`).toBe(answers[identity]);
    expect(answer.headers['www-authenticate']).toBe(answer.statusCode === 401 ? 'Bearer' : undefined);
  });
});

describe('the table', () => {
  it('has every route of the API', () => {
    const wanted = routesOf(replica.app.printRoutes({ commonPrefix: false }));
    const rows = [...new Set(TABLE.map(({ method, route }) => `${method} ${route}`))].sort();
    // It never ends by itself: who is told what there stands in the tests of changes.
    expect(rows).toEqual(wanted.filter((route) => route !== 'GET /api/v1/changes/stream'));
  });
});

describe('PUT without a token', () => {
  it('is refused before the body is read, and the connection ends', async () => {
    const answer = await publish(replica, '', owned, { headers: { authorization: '' } });
    expect([answer.statusCode, answer.headers.connection]).toEqual([401, 'close']);
  });
});

/** Once the owner has made it public, the ones after him in the row see it. */
function FREE(): Partial<Answers> {
  return { 'other user': '403 EBPM_NOT_OWNER', member: '403 EBPM_NOT_OWNER' };
}

function path(name: string): string {
  return `/api/v1/packages/${encodeURIComponent(name)}`;
}

function blob({ digest }: typeof owned): string {
  return `/api/v1/blobs/sha256/${digest.slice(7)}`;
}

function change(method: Row['method'], route: string, rest: string, answers: Answers, body?: Row['body']): Row {
  return { method, route, url: path('@acme/secret') + rest, answers, ...(body !== undefined && { body }) };
}

function organisation(method: Row['method'], route: string, rest: string, answers: Answers, body?: Row['body']): Row {
  return { method, route, url: `/api/v1/organisations/acme${rest}`, answers, ...(body !== undefined && { body }) };
}

function coded(method: Row['method'], route: string, rest: string, body?: Row['body']): Row {
  return { method, route, url: path('coded') + rest, answers: codes(), ...(body !== undefined && { body }) };
}

function club(method: Row['method'], route: string, rest: string, body?: Row['body']): Row {
  const url = `/api/v1/organisations/club${rest}`;
  return { method, route, url, answers: clubCodes(), ...(body !== undefined && { body }) };
}

/** `GET /a/:b` for each route in fastify's drawing of them as a tree; HEAD comes with every GET. */
function routesOf(tree: string): string[] {
  const parents: string[] = [];
  const found: string[] = [];
  for (const line of tree.split('\n')) {
    const [, indent = '', text = '', methods] = /^([│ ├└─]*)(\S+)(?: \(([A-Z, ]+)\))?$/.exec(line) ?? [];
    if (text === '') continue;
    const depth = indent.length / 4;
    parents.splice(depth - 1, parents.length, text);
    for (const method of methods?.split(', ') ?? []) if (method !== 'HEAD') found.push(`${method} ${parents.join('')}`);
  }
  return [...new Set(found)].sort();
}
