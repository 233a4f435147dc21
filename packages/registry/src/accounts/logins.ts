import { EbpmError } from '@ebpm/formats';
import type { AccountView } from './account-state.js';
import { newOtpSecret, otpStep, otpUri } from './one-time-code.js';
import { checkPassword, type Passwords } from './password.js';
import type { People, Profile } from './people.js';
import type { Throttle } from './throttle.js';
import type { UsedCodes } from './used-codes.js';

/** What proves who somebody is. */
export interface LoginsParts {
  readonly people: People;
  readonly accounts: AccountView;
  readonly passwords: Passwords;
  readonly throttle: Throttle;
  readonly usedCodes: UsedCodes;
  /** Registry time, in milliseconds since 1970. */
  readonly nowMs: () => number;
}

/** What somebody types to log in. */
export interface LoginAttempt {
  readonly name: string;
  readonly password: string;
  /** A one-time code, for those who have that set up. */
  readonly otp?: string | undefined;
  /** Where it comes from. */
  readonly address: string;
}

/** One-time codes that are to be set up. */
export interface OtpWish {
  /** Whose they are to be for, as the app shows it. */
  readonly issuer: string;
  /** For who has one. */
  readonly password?: string | undefined;
}

/** A secret that its owner puts into an authenticator app; the only time that he sees it. */
export interface NewOtp {
  /** Base32. */
  readonly secret: string;
  readonly uri: string;
}

/** Passwords and one-time codes. Whoever guesses is slowed down, by user and by address, in all processes of the registry. */
export class Logins {
  readonly #parts: LoginsParts;

  constructor(parts: LoginsParts) {
    this.#parts = parts;
  }

  /**
   * The id of the user who has this name and password.
   * @throws EBPM_LOGIN_FAILED, EBPM_LOGIN_THROTTLED, EBPM_OTP_REQUIRED, EBPM_OTP_WRONG
   */
  async login({ name, password, otp, address }: LoginAttempt): Promise<string> {
    const { people, accounts, passwords, throttle } = this.#parts;
    const [ofUser, ofAddress] = [`user ${name}`, `address ${address}`];
    await throttle.check(ofAddress);
    await throttle.take(ofUser);
    const id = await people.find(name);
    const isThere = id !== undefined && accounts.user(id)?.erasedAt === undefined;
    const profile = isThere ? await people.profile(id) : undefined;
    if (!(await passwords.matches(password, profile?.password)) || id === undefined) {
      await throttle.fail(ofAddress);
      throw new EbpmError('EBPM_LOGIN_FAILED', 'Cannot log in: the name or the password is wrong');
    }
    for (const subject of [ofUser, ofAddress]) await throttle.succeed(subject);
    if (profile?.otp !== undefined) await this.checkOtp(id, otp);
    return id;
  }

  /**
   * Checks a one-time code.
   * @throws EBPM_OTP_REQUIRED when there is none, or the user has none set up; EBPM_OTP_WRONG, EBPM_LOGIN_THROTTLED
   */
  async checkOtp(id: string, code: string | undefined): Promise<void> {
    const secret = (await this.#parts.people.profile(id))?.otp;
    if (secret === undefined) throw otpRequired('you have none set up', SET_UP, { isSetUp: false });
    if (code === undefined)
      throw otpRequired('the request has none', 'add the code that your authenticator app shows: --otp CODE');
    await this.#useCode(id, secret, code);
  }

  /**
   * Sets a password. Who has one must know it.
   * @throws EBPM_PASSWORD_INVALID, EBPM_LOGIN_FAILED, EBPM_LOGIN_THROTTLED
   */
  async setPassword(id: string, password: string, current: string | undefined): Promise<void> {
    const { people, passwords } = this.#parts;
    checkPassword(password);
    if (!(await this.#hasProved(id, await people.profile(id), current))) {
      throw new EbpmError('EBPM_LOGIN_FAILED', 'Cannot set the password: the current one is wrong');
    }
    const hash = await passwords.hash(password);
    await people.change(id, (profile) => ({ ...profile, password: hash }));
  }

  /**
   * Begins to set up one-time codes. They count once a code has shown that the app has the secret. Who has a password must know it: else
   * whoever steals a token of somebody without codes would set up his own.
   * @throws EBPM_OTP_EXISTS, EBPM_LOGIN_FAILED, EBPM_LOGIN_THROTTLED
   */
  async beginOtp(id: string, { issuer, password }: OtpWish): Promise<NewOtp> {
    const { people } = this.#parts;
    const before = await people.profile(id);
    if (before?.otp !== undefined) throw otpExists();
    if (!(await this.#hasProved(id, before, password))) {
      throw new EbpmError('EBPM_LOGIN_FAILED', 'Cannot set up one-time codes: the password is wrong, or was left out');
    }
    const secret = newOtpSecret();
    const after = await people.change(id, (profile) =>
      profile.otp === undefined ? { ...profile, otpPending: secret } : profile,
    );
    if (after?.otp !== undefined) throw otpExists();
    return { secret, uri: otpUri(secret, after?.name ?? id, issuer) };
  }

  /** @throws EBPM_OTP_REQUIRED when nothing was begun, EBPM_OTP_WRONG, EBPM_LOGIN_THROTTLED */
  async confirmOtp(id: string, code: string): Promise<void> {
    const pending = (await this.#parts.people.profile(id))?.otpPending;
    if (pending === undefined) throw otpRequired('there is nothing to confirm', SET_UP);
    await this.#useCode(id, pending, code);
    await this.#parts.people.change(id, ({ otpPending, ...profile }) =>
      otpPending === pending ? { ...profile, otp: pending } : withPending(profile, otpPending),
    );
  }

  /** @throws EBPM_OTP_REQUIRED when there is none, EBPM_OTP_WRONG, EBPM_LOGIN_THROTTLED */
  async removeOtp(id: string, code: string): Promise<void> {
    await this.checkOtp(id, code);
    await this.#parts.people.change(id, ({ otp, otpPending, ...profile }) => profile);
  }

  /** Whether somebody knows his password, or has none. One that is left out is no guess. */
  async #hasProved(id: string, profile: Profile | undefined, typed: string | undefined): Promise<boolean> {
    const { passwords, throttle } = this.#parts;
    if (profile?.password === undefined) return true;
    if (typed === undefined) return false;
    await throttle.take(`password ${id}`);
    if (!(await passwords.matches(typed, profile.password))) return false;
    await throttle.succeed(`password ${id}`);
    return true;
  }

  async #useCode(id: string, secret: string, code: string): Promise<void> {
    const { throttle, usedCodes, nowMs } = this.#parts;
    await throttle.take(`otp ${id}`);
    const step = otpStep(secret, code, nowMs());
    if (step === undefined || !(await usedCodes.use(id, step))) {
      const reason = step === undefined ? 'is not the current one' : 'was used before';
      throw new EbpmError('EBPM_OTP_WRONG', `Cannot accept the one-time code: it ${reason}`, {
        hint: 'take the next code, and look at the clock of this machine and of the app',
      });
    }
    await throttle.succeed(`otp ${id}`);
  }
}

function withPending(profile: Omit<Profile, 'otpPending'>, otpPending: string | undefined): Profile {
  return otpPending === undefined ? profile : { ...profile, otpPending };
}

const SET_UP = 'set them up: ebpm profile enable-2fa';

function otpExists(): EbpmError {
  const hint = 'remove it first, with a code of it';
  return new EbpmError('EBPM_OTP_EXISTS', 'Cannot set up one-time codes: you have that set up already', { hint });
}

function otpRequired(reason: string, hint: string, data: Readonly<Record<string, unknown>> = {}): EbpmError {
  return new EbpmError('EBPM_OTP_REQUIRED', `Cannot go on without a one-time code: ${reason}`, { hint, data });
}
