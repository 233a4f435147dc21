import { isUserId } from '../fold/principal.js';
import type { Op } from '../log/op.js';

/** An operation of the accounts log, without what every operation has. */
export type AccountOperation =
  | { readonly type: 'user'; readonly id: string }
  | {
      readonly type: 'token';
      readonly id: string;
      readonly hash: string;
      readonly user: string;
      readonly expires?: string;
    }
  | { readonly type: 'revoke'; readonly token: string };

/** The operation, or undefined when the rules know no such one. Fields that it does not know are let be. */
export function parseAccountOperation(op: Op): AccountOperation | undefined {
  const { id, hash, user, expires, token } = op;
  switch (op.type) {
    case 'user':
      return isText(id) && isUserId(id) ? { type: 'user', id } : undefined;
    case 'token':
      if (!isTokenId(id) || !isText(hash) || !/^[0-9a-f]{64}$/.test(hash) || !isText(user)) return undefined;
      if (expires === undefined) return { type: 'token', id, hash, user };
      return isTime(expires) ? { type: 'token', id, hash, user, expires } : undefined;
    case 'revoke':
      return isTokenId(token) ? { type: 'revoke', token } : undefined;
    default:
      return undefined;
  }
}

function isText(value: unknown): value is string {
  return typeof value === 'string';
}

function isTokenId(value: unknown): value is string {
  return isText(value) && /^t_[0-9a-f]{16}$/.test(value);
}

/** RFC 3339 as `Date.toISOString` writes it: the one form in which text compares as time does. */
function isTime(value: unknown): value is string {
  if (!isText(value)) return false;
  const time = new Date(value);
  return !Number.isNaN(time.getTime()) && time.toISOString() === value;
}
