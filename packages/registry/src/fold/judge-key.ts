import type { FoldContext } from './operation-place.js';
import { accepted, type PackageVerdict } from './package-change.js';
import type { KeyOperation } from './package-operation.js';
import type { PackageView } from './package-view.js';
import { OPERATOR } from './principal.js';
import { refused } from './verdict.js';

/** Judges what somebody says of a key that he signs with. A key has one owner for ever, and what is revoked stays revoked. */
export function judgeKey(view: PackageView, op: KeyOperation, { at, time }: FoldContext): PackageVerdict {
  const { id, by, as: owner = by } = op;
  const key = view.key(id);
  if (op.action === 'register') {
    if (key === undefined) {
      const { publicKey } = op;
      const key = { id, owner, publicKey, ...readableRotation(op), at, registeredAt: time, revokedAt: undefined };
      return accepted({ key });
    }
    if (key.revokedAt !== undefined) return refused('EBPM_KEY_REVOKED', `Cannot register "${id}": it was revoked`);
    if (key.owner === owner) return { kind: 'repeated', at: key.at };
    return refused('EBPM_KEY_EXISTS', `Cannot register "${id}": it is the key of somebody else`);
  }
  if (key === undefined || (by !== OPERATOR && key.owner !== owner)) {
    return refused('EBPM_KEY_NOT_FOUND', `Cannot revoke "${id}": you have no such key`);
  }
  if (key.revokedAt !== undefined) return { kind: 'repeated', at: key.at };
  return accepted({ key: { ...key, at, revokedAt: time } });
}

/** Whose place a key takes, where what is said of it has the right form. No rule looks at it: whoever trusts the older key checks the signature. */
function readableRotation({ replaces, rotation }: { readonly replaces?: unknown; readonly rotation?: unknown }) {
  const isKey = typeof replaces === 'string' && /^k_[0-9a-f]{32}$/.test(replaces);
  const isSignature = typeof rotation === 'string' && /^[A-Za-z0-9_-]{86}$/.test(rotation);
  return isKey && isSignature ? { replaces, rotation } : { replaces: undefined, rotation: undefined };
}
