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
    const { people, passwords, throttle } = this.#parts;
    checkPassword(password);
    const before = (await people.profile(id))?.password;
    if (before !== undefined) {
      await throttle.take(`password ${id}`);
      if (!(await passwords.matches(current ?? '', before))) {
        throw new EbpmError('EBPM_LOGIN_FAILED', 'Cannot set the password: the current one is wrong');
      }
      await throttle.succeed(`password ${id}`);
    }
    const hash = await passwords.hash(password);
    await people.change(id, (profile) => ({ ...profile, password: hash }));
  }

  /**
   * Begins to set up one-time codes. They count once a code has shown that the app has the secret.
   * @throws EBPM_OTP_EXISTS
   */
  async beginOtp(id: string, issuer: string): Promise<NewOtp> {
    const secret = newOtpSecret();
    const after = await this.#parts.people.change(id, (profile) =>
      profile.otp === undefined ? { ...profile, otpPending: secret } : profile,
    );
    if (after?.otp !== undefined) {
      const hint = 'remove it first, with a code of it';
      throw new EbpmError('EBPM_OTP_EXISTS', 'Cannot set up one-time codes: you have that set up already', { hint });
    }
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

function otpRequired(reason: string, hint: string, data: Readonly<Record<string, unknown>> = {}): EbpmError {
  return new EbpmError('EBPM_OTP_REQUIRED', `Cannot go on without a one-time code: ${reason}`, { hint, data });
}
