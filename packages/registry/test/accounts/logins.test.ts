import { TOTP } from 'otpauth';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { RegistryWorld, type Replica } from '../registry-world.js';

let world: RegistryWorld;
let replica: Replica;
let user: string;
const PASSWORD = 'correct horse battery';
const OTP_WISH = { issuer: 'registry.example', password: PASSWORD };

beforeAll(async () => {
  world = new RegistryWorld();
  replica = await world.replica();
  user = (await replica.registry.accounts.addUser('alice')).id;
  await replica.registry.logins.setPassword(user, PASSWORD, undefined);
});
afterAll(() => world.close());

const failsWith = (code: string) => expect.objectContaining({ code });
const codeOf = (secret: string) => new TOTP({ secret }).generate({ timestamp: world.clock.nowMs() });
const login = (fields: Partial<Record<'name' | 'password' | 'otp' | 'address', string>>) =>
  replica.registry.logins.login({ name: 'alice', password: PASSWORD, address: '192.0.2.1', ...fields });

/** After so many the next one has to wait 16 s: a password takes less to check, however busy this machine is. */
const GUESSES = 9;

describe('Logins', () => {
  it('lets in who has the password, and nobody else', async () => {
    expect(await login({})).toBe(user);
    await expect(login({ password: 'correct horse' })).rejects.toEqual(failsWith('EBPM_LOGIN_FAILED'));
    await expect(login({ name: 'bob' })).rejects.toEqual(failsWith('EBPM_LOGIN_FAILED'));
  });

  it('changes a password only for who knows the current one', async () => {
    const { logins } = replica.registry;
    await expect(logins.setPassword(user, 'another one', 'wrong')).rejects.toEqual(failsWith('EBPM_LOGIN_FAILED'));
    await expect(logins.setPassword(user, 'short', PASSWORD)).rejects.toEqual(failsWith('EBPM_PASSWORD_INVALID'));
  });

  it('slows down who guesses, by name and by address', async () => {
    for (let i = 0; i < GUESSES; i++) {
      world.putForward(60_000);
      await expect(login({ name: 'carol', address: '192.0.2.9' })).rejects.toEqual(failsWith('EBPM_LOGIN_FAILED'));
    }
    await expect(login({ name: 'carol' })).rejects.toEqual(failsWith('EBPM_LOGIN_THROTTLED'));
    await expect(login({ address: '192.0.2.9' })).rejects.toEqual(failsWith('EBPM_LOGIN_THROTTLED'));
    expect(await login({})).toBe(user);
  });

  it('asks for one-time codes once they are set up, and takes each once', async () => {
    const { logins } = replica.registry;
    await expect(logins.checkOtp(user, '123456')).rejects.toMatchObject({
      code: 'EBPM_OTP_REQUIRED',
      hint: 'set them up: ebpm profile enable-2fa',
    });
    const { secret, uri } = await logins.beginOtp(user, OTP_WISH);
    expect(uri).toContain(`secret=${secret}`);
    await expect(logins.confirmOtp(user, 'abcdef')).rejects.toEqual(failsWith('EBPM_OTP_WRONG'));
    expect(await login({})).toBe(user);
    const first = codeOf(secret);
    await logins.confirmOtp(user, first);
    await expect(logins.beginOtp(user, OTP_WISH)).rejects.toEqual(failsWith('EBPM_OTP_EXISTS'));
    await expect(login({})).rejects.toMatchObject({
      code: 'EBPM_OTP_REQUIRED',
      hint: expect.stringContaining('--otp CODE'),
    });
    await expect(login({ otp: first })).rejects.toEqual(failsWith('EBPM_OTP_WRONG'));
    world.putForward(30_000);
    expect(await login({ otp: codeOf(secret) })).toBe(user);
    world.putForward(30_000);
    await logins.removeOtp(user, codeOf(secret));
    expect(await login({})).toBe(user);
  });

  it('sets up one-time codes for who knows the password, if there is one', async () => {
    const { logins, accounts, people } = replica.registry;
    const issuer = 'registry.example';
    const before = await people.profile(user);
    await expect(logins.beginOtp(user, { issuer })).rejects.toEqual(failsWith('EBPM_LOGIN_FAILED'));
    await expect(logins.beginOtp(user, { issuer, password: 'wrong' })).rejects.toEqual(failsWith('EBPM_LOGIN_FAILED'));
    expect(await people.profile(user)).toEqual(before);
    const { id } = await accounts.addUser('erin');
    await logins.setPassword(id, PASSWORD, undefined);
    for (let i = 0; i < GUESSES; i++) {
      world.putForward(60_000);
      const guess = logins.beginOtp(id, { issuer, password: `guess ${i}` });
      await expect(guess).rejects.toEqual(failsWith('EBPM_LOGIN_FAILED'));
    }
    await expect(logins.beginOtp(id, { issuer, password: PASSWORD })).rejects.toEqual(
      failsWith('EBPM_LOGIN_THROTTLED'),
    );
    const { id: without } = await accounts.addUser('frank');
    expect((await logins.beginOtp(without, { issuer })).uri).toContain('otpauth://');
  });

  it('takes a code in one process of the registry and in no other', async () => {
    const { logins, people } = replica.registry;
    const other = (await world.replica()).registry;
    const { secret } = await logins.beginOtp(user, OTP_WISH);
    world.putForward(30_000);
    const first = codeOf(secret);
    await logins.confirmOtp(user, first);
    await expect(other.logins.checkOtp(user, first)).rejects.toEqual(failsWith('EBPM_OTP_WRONG'));
    world.putForward(30_000);
    const code = codeOf(secret);
    const answers = await Promise.allSettled([logins.checkOtp(user, code), other.logins.checkOtp(user, code)]);
    expect(answers.map(({ status }) => status).sort()).toEqual(['fulfilled', 'rejected']);
    await people.change(user, ({ otp, ...profile }) => profile);
  });

  it('slows down who guesses by asking another process each time', async () => {
    const other = (await world.replica()).registry;
    const guess = (registry: typeof other) =>
      registry.logins.login({ name: 'dave', password: 'not the password', address: '192.0.2.7' });
    for (let i = 0; i < GUESSES; i++) {
      world.putForward(60_000);
      await expect(guess(i % 2 === 0 ? replica.registry : other)).rejects.toEqual(failsWith('EBPM_LOGIN_FAILED'));
    }
    await expect(guess(other)).rejects.toEqual(failsWith('EBPM_LOGIN_THROTTLED'));
    await expect(other.logins.login({ name: 'alice', password: PASSWORD, address: '192.0.2.7' })).rejects.toEqual(
      failsWith('EBPM_LOGIN_THROTTLED'),
    );
  });
});
