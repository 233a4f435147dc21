import { TOTP } from 'otpauth';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { TokenLimits } from '../../src/accounts/account-state.js';
import type { Asking } from '../../src/accounts/accounts.js';
import { type PublishOverrides, publish, RegistryWorld, type Replica } from '../registry-world.js';
import { samplePackage } from '../sample-package.js';

let world: RegistryWorld;
let replica: Replica;
let ids: Readonly<Record<'ann' | 'ben' | 'eve', string>>;
let acme: string;
let asking: Asking;

beforeAll(async () => {
  world = new RegistryWorld();
  replica = await world.replica();
  const { accounts } = replica.registry;
  const add = async (name: string) => (await accounts.addUser(name)).id;
  ids = { ann: await add('ann'), ben: await add('ben'), eve: await add('eve') };
  asking = { by: ids.ann, check: () => undefined };
  acme = (await accounts.addOrganisation('acme', ids.ann)).id;
  await accounts.setMember({ organisation: acme, user: ids.ben, role: 'member' });
});
afterAll(() => world.close());

/** Publishes with a new token of somebody; the status, and the code of an error. */
async function send(
  who: 'ann' | 'ben' | 'eve',
  name: string,
  { version = '1.0.0', limits, ...overrides }: Sending = {},
): Promise<string> {
  const { token } = await replica.registry.accounts.createToken(who, undefined, limits);
  const answer = await publish(replica, token, samplePackage({ name, version }), overrides);
  return answer.statusCode < 400 ? String(answer.statusCode) : `${answer.statusCode} ${answer.json().code}`;
}

interface Sending extends PublishOverrides {
  readonly version?: string;
  readonly limits?: Partial<TokenLimits>;
}

describe('publishingRight()', () => {
  it("lets only a scope's own user or organisation publish there", async () => {
    expect(await send('ann', '@ann/x')).toBe('201');
    expect(await send('ann', '@acme/x')).toBe('201');
    expect(replica.registry.packages.package('@acme/x')?.owners).toEqual([acme]);
    expect(await send('eve', '@ann/y')).toBe('403 EBPM_SCOPE_FORBIDDEN');
    expect(await send('eve', '@nobody/y')).toBe('403 EBPM_SCOPE_FORBIDDEN');
    expect(await send('ben', '@acme/y')).toBe('403 EBPM_SCOPE_FORBIDDEN');
    expect(await send('eve', '@acme/x', { version: '2.0.0' })).toBe('403 EBPM_NOT_OWNER');
  });

  it('lets a team write where it may, and no longer', async () => {
    const { accounts } = replica.registry;
    const team = { organisation: acme, team: 'core' };
    await accounts.setTeam({ ...team, action: 'create' }, asking);
    await accounts.setTeamMember({ ...team, user: ids.ben, action: 'add' }, asking);
    await accounts.setGrant({ ...team, pattern: '@acme/t-*', level: 'write' }, asking);
    expect(await send('ben', '@acme/t-1')).toBe('201');
    expect(await send('ben', '@acme/u-1')).toBe('403 EBPM_SCOPE_FORBIDDEN');
    await accounts.setGrant({ ...team, pattern: '@acme/t-*', level: 'read' }, asking);
    expect(await send('ben', '@acme/t-1', { version: '1.1.0' })).toBe('403 EBPM_NOT_OWNER');
  });

  it('tells a stranger nothing of a private package', async () => {
    expect(await send('ann', '@acme/secret', { url: url('@acme/secret', '?visibility=private') })).toBe('201');
    expect(replica.registry.packages.package('@acme/secret')?.visibility).toBe('private');
    expect(await send('eve', '@acme/secret')).toBe(await send('eve', '@acme/none'));
    expect(await send('ann', 'open', { url: url('open', '?visibility=private') })).toBe('422 EBPM_SCOPE_REQUIRED');
  });

  it.each<[string, Partial<TokenLimits>, string]>([
    ['publishing', { allow: ['publish'] }, '201'],
    ['other things', { allow: ['read', 'yank'] }, '403 EBPM_TOKEN_FORBIDDEN'],
    ['the name', { names: ['limited-*'] }, '201'],
    ['another name', { names: ['other'] }, '403 EBPM_TOKEN_FORBIDDEN'],
    ['this address', { from: ['127.0.0.0/8'] }, '201'],
    ['another address', { from: ['192.0.2.0/24'] }, '403 EBPM_TOKEN_FORBIDDEN'],
  ])('takes a token for %s', async (what, limits, answer) => {
    expect(await send('ann', `limited-${what.replaceAll(' ', '')}`, { limits })).toBe(answer);
  });

  it('asks for a one-time code where the owner wants it, before anything is stored', async () => {
    const { accounts, logins } = replica.registry;
    expect(await send('ann', 'guarded')).toBe('201');
    await accounts.setPolicy({ package: 'guarded', otp: true, trustedOnly: false }, asking);
    expect(await send('ann', 'guarded', { version: '1.1.0' })).toBe('403 EBPM_OTP_REQUIRED');
    const { secret } = await logins.beginOtp(ids.ann, { issuer: 'test' });
    const code = () => new TOTP({ secret }).generate({ timestamp: world.clock.nowMs() });
    await logins.confirmOtp(ids.ann, code());
    world.putForward(30_000);
    const headers = { 'ebpm-otp': code() };
    expect(await send('ann', 'guarded', { version: '1.1.0', headers })).toBe('201');
    expect(await send('ann', 'guarded', { version: '1.2.0', headers })).toBe('403 EBPM_OTP_WRONG');
  });

  it('lets only trusted publishers publish where the owner wants that', async () => {
    const { accounts } = replica.registry;
    expect(await send('ann', 'from-ci')).toBe('201');
    await accounts.setPolicy({ package: 'from-ci', otp: true, trustedOnly: true }, asking);
    expect(await send('ann', 'from-ci', { version: '1.1.0', headers: { 'ebpm-otp': '000000' } })).toMatch(
      /^403 EBPM_(OTP|TRUSTED)/,
    );
    await accounts.setPolicy({ package: 'from-ci', otp: false, trustedOnly: true }, asking);
    expect(await send('ann', 'from-ci', { version: '1.1.0' })).toBe('403 EBPM_TRUSTED_ONLY');
    const job = await accounts.addTrust(
      { package: 'from-ci', issuer: 'https://ci.example', claims: { sub: 'a' } },
      asking,
    );
    const { token } = await accounts.makeToken({ user: job, lifeMs: 60_000, allow: ['publish'] });
    const byJob = (name: string, version: string) => publish(replica, token, samplePackage({ name, version }));
    expect((await byJob('from-ci', '1.1.0')).statusCode).toBe(201);
    expect(replica.registry.packages.version('from-ci', '1.1.0')?.publisher).toBe(job);
    expect((await byJob('guarded', '9.0.0')).json().code).toBe('EBPM_NOT_OWNER');
    await accounts.removeTrust(job, asking);
    expect((await byJob('from-ci', '1.2.0')).json().code).toBe('EBPM_TOKEN_INVALID');
  });

  it('looks again right before the entry is written', async () => {
    const { accounts, permits } = replica.registry;
    const during = permits.during.bind(permits);
    permits.during = async (op, check, write) => {
      permits.during = during;
      await accounts.setMember({ organisation: acme, user: ids.ben, role: 'none' });
      return during(op, check, write);
    };
    await accounts.setGrant({ organisation: acme, team: 'core', pattern: '@acme/t-*', level: 'write' }, asking);
    expect(await send('ben', '@acme/t-1', { version: '1.5.0' })).toBe('403 EBPM_NOT_OWNER');
    expect(replica.registry.packages.version('@acme/t-1', '1.5.0')).toBeUndefined();
  });
});

function url(name: string, query: string): string {
  return `/api/v1/packages/${encodeURIComponent(name)}/versions/1.0.0${query}`;
}
