import { createHash, timingSafeEqual } from 'node:crypto';
import type { TokenState } from './account-state.js';

/** The prefix lets scanners find tokens that leaked. */
const TOKEN = /^ebpm_[A-Za-z0-9_-]{43}$/;

/** A token: 32 random bytes, `ebpm_<base64url>`. */
export function formatToken(secretHex: string): string {
  return `ebpm_${Buffer.from(secretHex, 'hex').toString('base64url')}`;
}

/** Whether the text can be a token at all. */
export function isToken(text: string): boolean {
  return TOKEN.test(text);
}

/** What is stored of a token: its SHA-256 in hex. 256 random bits need no slow hash. */
export function tokenHash(token: string): string {
  return createHash('sha256').update(token).digest('hex');
}

/** Whether the hash is the token's, without telling by the time taken how much of it is. */
export function hasHash(token: TokenState, hash: string): boolean {
  return timingSafeEqual(Buffer.from(token.hash, 'hex'), Buffer.from(hash, 'hex'));
}

/** Whether the token has ended. */
export function isExpired(token: TokenState, nowMs: number): boolean {
  return token.expiresAt !== undefined && Date.parse(token.expiresAt) <= nowMs;
}
