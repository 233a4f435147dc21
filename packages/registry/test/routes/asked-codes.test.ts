import { TOTP } from 'otpauth';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { TokenPower } from '../../src/accounts/account-state.js';
import { publish, RegistryWorld, type Replica } from '../registry-world.js';
import { samplePackage } from '../sample-package.js';

// What a stolen token of an owner is not enough for, where people publish a package with a one-time code.

type Method = 'GET' | 'PUT' | 'POST' | 'DELETE';

interface Change {
  readonly what: string;
  readonly method: Method;
  /** Below `/api/v1/`. */
  readonly path: string;
  readonly body?: object;
}

let world: RegistryWorld;
let replica: Replica;
let secret: string;
const ids = new Map<string, string>();
const tokens = new Map<string, string>();

const GUARDED = 'packages/@acme%2Fguarded';
const POLICY = `${GUARDED}/policy`;
const WANTED = { otp: true, trustedOnly: false };
const CLAIMS = { repository: 'acme/guarded' };

beforeAll(async () => {
  world = new RegistryWorld();
  replica = await world.replica();
  const { accounts, logins } = replica.registry;
  for (const name of ['ann', 'ben', 'eve']) {
    tokens.set(name, await world.tokenOf(name, replica));
    ids.set(name, await accounts.userOf(name));
  }
  const organisation = (await accounts.addOrganisation('acme', idOf('ann'))).id;
  await accounts.setMember({ organisation, user: idOf('ben'), role: 'admin' });
  for (const name of ['@acme/guarded', 'open']) {
    expect((await publish(replica, tokenOf('ann'), samplePackage({ name }))).statusCode).toBe(201);
  }
  expect(await send('PUT', 'organisations/acme/teams/core')).toBe('204');
  expect(await send('PUT', POLICY, { body: WANTED })).toBe('204');
  secret = (await logins.beginOtp(idOf('ann'), { issuer: 'test' })).secret;
  await logins.confirmOtp(idOf('ann'), nextCode());
});
afterAll(() => world.close());

const idOf = (name: string) => String(ids.get(name));
const tokenOf = (name: string) => String(tokens.get(name));

/** What ann's app shows half a minute later. */
function nextCode(): string {
  world.putForward(30_000);
  return new TOTP({ secret }).generate({ timestamp: world.clock.nowMs() });
}

interface Sending {
  readonly body?: object | undefined;
  readonly code?: string;
  readonly token?: string;
}

/** The status of the answer, and the code of an error. */
async function send(method: Method, path: string, { body, code, token = tokenOf('ann') }: Sending = {}) {
  const answer = await replica.app.inject({
    method,
    url: `/api/v1/${path}`,
    headers: { authorization: `Bearer ${token}`, ...(code !== undefined && { 'ebpm-otp': code }) },
    ...(body !== undefined && { payload: body }),
  });
  return answer.statusCode < 400 ? String(answer.statusCode) : `${answer.statusCode} ${answer.json().code}`;
}

/** How much both logs have. */
function written(): readonly number[] {
  const { log, accountsLog } = replica.registry;
  return [log.head().seq, accountsLog.head().seq];
}

/** What decides who publishes the package, and how. Each leads to the next. */
const GUARDED_CHANGES: readonly Change[] = [
  { what: 'another owner', method: 'PUT', path: `${GUARDED}/owners/eve` },
  { what: 'an owner less', method: 'DELETE', path: `${GUARDED}/owners/eve` },
  { what: 'who reads it', method: 'PUT', path: `${GUARDED}/visibility`, body: { visibility: 'private' } },
  {
    what: 'a trusted publisher',
    method: 'POST',
    path: `${GUARDED}/trusts`,
    body: { issuer: 'https://ci.example', claims: CLAIMS },
  },
  { what: 'the wish that is there already', method: 'PUT', path: POLICY, body: WANTED },
  { what: 'trusted publishers alone', method: 'PUT', path: POLICY, body: { otp: true, trustedOnly: true } },
  {
    what: 'a member of its organisation',
    method: 'PUT',
    path: 'organisations/acme/members/eve',
    body: { role: 'member' },
  },
  {
    what: 'an admin of its organisation',
    method: 'PUT',
    path: 'organisations/acme/members/eve',
    body: { role: 'admin' },
  },
  { what: 'a member in a team', method: 'PUT', path: 'organisations/acme/teams/core/members/eve' },
  {
    what: 'a right of a team',
    method: 'PUT',
    path: 'organisations/acme/teams/core/grants',
    body: { pattern: '@acme/*', level: 'write' },
  },
  { what: 'a member less', method: 'DELETE', path: 'organisations/acme/members/eve' },
  { what: 'no codes any more', method: 'PUT', path: POLICY, body: { otp: false, trustedOnly: false } },
];

/** What takes a right back, or decides nothing of that. */
const FREE_CHANGES: readonly Change[] = [
  { what: 'a look at it', method: 'GET', path: POLICY },
  { what: 'a trusted publisher less', method: 'DELETE', path: `${GUARDED}/trusts/` },
  {
    what: 'a right of a team less',
    method: 'PUT',
    path: 'organisations/acme/teams/core/grants',
    body: { pattern: '@acme/*', level: 'none' },
  },
  { what: 'a member of a team less', method: 'DELETE', path: 'organisations/acme/teams/core/members/ben' },
  { what: 'a team', method: 'PUT', path: 'organisations/acme/teams/new' },
  { what: 'a team less', method: 'DELETE', path: 'organisations/acme/teams/new' },
  { what: 'a yank', method: 'PUT', path: `${GUARDED}/versions/1.0.0/yank`, body: {} },
  { what: 'the owners of another package', method: 'PUT', path: 'packages/open/owners/eve' },
];

/** What gives somebody a right to `@acme/late`. */
const LATE_CHANGES: readonly Change[] = [
  { what: 'an owner', method: 'PUT', path: 'packages/@acme%2Flate/owners/eve' },
  {
    what: 'a trusted publisher',
    method: 'POST',
    path: 'packages/@acme%2Flate/trusts',
    body: { issuer: 'https://ci.example', claims: CLAIMS },
  },
  { what: 'a member', method: 'PUT', path: 'organisations/acme/members/eve', body: { role: 'admin' } },
];

describe('who decides who publishes a package that wants codes', () => {
  it.each(GUARDED_CHANGES)(
    'shows one for $what, which is good once, and nothing is written before',
    async ({ method, path, body }) => {
      const before = written();
      expect(await send(method, path, { body })).toBe('403 EBPM_OTP_REQUIRED');
      expect(await send(method, path, { body, code: '00000' })).toBe('400 EBPM_REQUEST_INVALID');
      expect(await send(method, path, { body, code: '000000' })).toBe('403 EBPM_OTP_WRONG');
      expect(written()).toEqual(before);
      const code = nextCode();
      expect(await send(method, path, { body, code })).toMatch(/^20[14]$/);
      // Now it may have ended that codes are wanted.
      await send('PUT', POLICY, { body: WANTED, code: nextCode() });
      expect(await send(method, path, { body, code })).toBe('403 EBPM_OTP_WRONG');
    },
  );

  it.each(FREE_CHANGES)('shows none for $what', async ({ method, path, body }) => {
    const [trust] = replica.registry.accountIndex.records('package-trust', '@acme/guarded/');
    expect(await send(method, path.endsWith('/') ? `${path}${trust?.id}` : path, { body })).toMatch(/^20[04]$/);
  });

  it('shows none to begin with it, and one as long as it lasts', async () => {
    const policy = 'packages/open/policy';
    expect(await send('PUT', policy, { body: WANTED })).toBe('204');
    expect(await send('PUT', policy, { body: WANTED })).toBe('403 EBPM_OTP_REQUIRED');
    expect(await send('PUT', policy, { body: { ...WANTED, otp: false }, code: nextCode() })).toBe('204');
    expect(await send('PUT', 'packages/open/owners/ben')).toBe('204');
    expect(await send('PUT', policy, { body: WANTED })).toBe('204');
  });

  it('cannot with a token alone, whatever that is good for', async () => {
    const stolen = async (allow: readonly TokenPower[]) =>
      (await replica.registry.accounts.createToken('ann', undefined, { allow })).token;
    const owner = await stolen(['owner', 'publish']);
    const account = await stolen(['account']);
    expect(await send('PUT', POLICY, { body: { ...WANTED, otp: false }, token: owner })).toBe('403 EBPM_OTP_REQUIRED');
    expect(await send('PUT', `${GUARDED}/owners/eve`, { token: owner })).toBe('403 EBPM_OTP_REQUIRED');
    const member = { body: { role: 'admin' }, token: account };
    expect(await send('PUT', 'organisations/acme/members/eve', member)).toBe('403 EBPM_OTP_REQUIRED');
    // Neither does a code of somebody else's app help.
    const { logins } = replica.registry;
    const eve = await logins.beginOtp(idOf('eve'), { issuer: 'test' });
    world.putForward(30_000);
    const code = new TOTP({ secret: eve.secret }).generate({ timestamp: world.clock.nowMs() });
    expect(await send('PUT', `${GUARDED}/owners/eve`, { token: owner, code })).toBe('403 EBPM_OTP_WRONG');
    await logins.confirmOtp(idOf('eve'), code);
    expect(replica.registry.packages.package('@acme/guarded')?.owners).not.toContain(idOf('eve'));
  });

  it('is told how to set codes up, if he has none', async () => {
    const answer = await replica.app.inject({
      method: 'PUT',
      url: `/api/v1/${POLICY}`,
      headers: { authorization: `Bearer ${tokenOf('ben')}`, 'ebpm-otp': '123456' },
      payload: { ...WANTED, otp: false },
    });
    expect(answer.json()).toMatchObject({
      code: 'EBPM_OTP_REQUIRED',
      message: 'Cannot go on without a one-time code: you have none set up',
      data: { isSetUp: false, hint: 'set them up: ebpm profile enable-2fa' },
    });
  });

  it('is asked for none before it is known that he may', async () => {
    expect(await send('PUT', `${GUARDED}/owners/eve`, { token: tokenOf('eve') })).toBe('404 EBPM_PACKAGE_NOT_FOUND');
    const member = { body: { role: 'admin' }, token: tokenOf('eve') };
    expect(await send('PUT', 'organisations/acme/members/eve', member)).toBe('404 EBPM_ORGANISATION_NOT_FOUND');
  });

  it.each(LATE_CHANGES)(
    'is refused $what when codes were begun with right before it is written',
    async ({ method, path, body }) => {
      const { accounts, permits } = replica.registry;
      const by = { by: idOf('ann'), check: () => undefined };
      await publish(replica, tokenOf('ann'), samplePackage({ name: '@acme/late' }));
      await accounts.setPolicy({ package: '@acme/guarded', otp: false, trustedOnly: false }, by);
      await accounts.setPolicy({ package: '@acme/late', otp: false, trustedOnly: false }, by);
      const during = permits.during.bind(permits);
      permits.during = async (op, check, write) => {
        permits.during = during;
        await accounts.setPolicy({ package: '@acme/late', otp: true, trustedOnly: false }, by);
        return during(op, check, write);
      };
      expect(await send(method, path, { body })).toBe('403 EBPM_OTP_REQUIRED');
      expect(replica.registry.packages.package('@acme/late')?.owners).toHaveLength(1);
      expect(replica.registry.accountIndex.records('package-trust', '@acme/late/')).toEqual([]);
      expect(replica.registry.accountIndex.records('membership', `${idOf('eve')}/`)).toEqual([]);
    },
  );
});
