import { randomBytes, type ScryptOptions, scrypt, timingSafeEqual } from 'node:crypto';
import { promisify } from 'node:util';
import { EbpmError } from '@ebpm/formats';
import { PASSWORD_LIMITS } from '../limits.js';

const derive = promisify<string, Buffer, number, ScryptOptions, Buffer>(scrypt);

/**
 * Checks a password that somebody wants to have.
 * @throws EBPM_PASSWORD_INVALID
 */
export function checkPassword(password: string): void {
  const { minLength, maxLength } = PASSWORD_LIMITS;
  if (password.length >= minLength && password.length <= maxLength) return;
  const wanted = `wanted ${minLength} to ${maxLength} characters`;
  throw new EbpmError(
    'EBPM_PASSWORD_INVALID',
    `Cannot set the password: it has ${password.length} characters, ${wanted}`,
  );
}

/** Hashes passwords, one after another: each takes 32 MiB, and whoever asks for many is not to get them all. */
export class Passwords {
  #last: Promise<unknown> = Promise.resolve();
  #waiting = 0;

  /** What is stored of a password: `scrypt$<log2 N>$<r>$<p>$<salt>$<hash>` (RFC 7914), byte strings in base64url. */
  async hash(password: string): Promise<string> {
    const { logN, r, p, sizeBytes } = PASSWORD_LIMITS;
    const salt = randomBytes(16);
    const hash = await this.#run(password, salt, sizeBytes, { logN, r, p });
    return ['scrypt', logN, r, p, salt.toString('base64url'), hash.toString('base64url')].join('$');
  }

  /**
   * Whether the password is the one that was stored. Where none was it takes as long and says no, so that the time does not tell
   * who has an account.
   */
  async matches(password: string, stored: string | undefined): Promise<boolean> {
    const parsed = FORM.exec(stored ?? NOBODYS) ?? FORM.exec(NOBODYS);
    const [, logN, r, p, salt = '', hash = ''] = parsed ?? [];
    const wanted = Buffer.from(hash, 'base64url');
    const cost = { logN: Number(logN), r: Number(r), p: Number(p) };
    const found = await this.#run(password, Buffer.from(salt, 'base64url'), wanted.length, cost);
    return timingSafeEqual(found, wanted) && stored !== undefined;
  }

  async #run(password: string, salt: Buffer, sizeBytes: number, { logN, r, p }: Cost): Promise<Buffer> {
    if (this.#waiting >= PASSWORD_LIMITS.waiting) {
      throw new EbpmError('EBPM_LOGIN_THROTTLED', 'Cannot check the password now: too many others are being checked');
    }
    this.#waiting++;
    const N = 2 ** logN;
    const options = { N, r, p, maxmem: 256 * N * r };
    const next = this.#last.then(() => derive(password.normalize('NFKC'), salt, sizeBytes, options));
    this.#last = next.catch(() => undefined);
    try {
      return await next;
    } finally {
      this.#waiting--;
    }
  }
}

interface Cost {
  readonly logN: number;
  readonly r: number;
  readonly p: number;
}

const FORM = /^scrypt\$(\d{1,2})\$(\d{1,2})\$(\d{1,2})\$([A-Za-z0-9_-]{22})\$([A-Za-z0-9_-]{43})$/;

const NOBODYS = `scrypt$${PASSWORD_LIMITS.logN}$${PASSWORD_LIMITS.r}$${PASSWORD_LIMITS.p}$${'A'.repeat(22)}$${'A'.repeat(43)}`;
