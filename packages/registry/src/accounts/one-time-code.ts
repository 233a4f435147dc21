import { Secret, TOTP } from 'otpauth';

/** A new secret for an authenticator app: 160 random bits (RFC 4226 section 4), base32. */
export function newOtpSecret(): string {
  return new Secret({ size: 20 }).base32;
}

/** What an authenticator app reads, mostly as a QR code. */
export function otpUri(secret: string, user: string, issuer: string): string {
  return new TOTP({ ...SHAPE, issuer, label: user, secret: Secret.fromBase32(secret) }).toString();
}

/**
 * The step (RFC 6238: 30 s since 1970) whose code this is, now or one step off; undefined when it is none. A step is good for one use.
 */
export function otpStep(secret: string, code: string, nowMs: number): number | undefined {
  if (!/^\d{6}$/.test(code)) return undefined;
  const totp = new TOTP({ ...SHAPE, secret: Secret.fromBase32(secret) });
  const delta = totp.validate({ token: code, timestamp: nowMs, window: 1 });
  return delta === null ? undefined : Math.floor(nowMs / 30_000) + delta;
}

/** What every authenticator app knows. */
const SHAPE = { algorithm: 'SHA1', digits: 6, period: 30 } as const;
