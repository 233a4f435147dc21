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
    return keyTaken(op, key.owner);
  }
  if (key === undefined || (by !== OPERATOR && key.owner !== owner)) {
    return refused('EBPM_KEY_NOT_FOUND', `Cannot revoke "${id}": you have no such key`, { hint: KEYS_HINT });
  }
  if (key.revokedAt !== undefined) return { kind: 'repeated', at: key.at };
  return accepted({ key: { ...key, at, revokedAt: time } });
}

/** A person who wants to give the own key to an organisation is told apart from one who has somebody else's. */
function keyTaken({ id, by, as: owner = by }: KeyOperation, holder: string): PackageVerdict {
  if (holder !== by || owner === by) {
    return refused('EBPM_KEY_EXISTS', `Cannot register "${id}": it is the key of another account or organisation`, {
      hint: 'Make one of your own: ebpm keys generate NAME && ebpm keys add NAME',
    });
  }
  return refused('EBPM_KEY_EXISTS', `Cannot register "${id}" for an organisation: it is your own account's for ever`, {
    hint: 'Make one for the organisation: ebpm keys generate NAME && ebpm keys add NAME --organisation ORGANISATION',
  });
}

const KEYS_HINT = 'Type "ebpm keys ls" to see yours, "ebpm keys ls --organisation NAME" for those of an organisation';

/** Whose place a key takes, where what is said of it has the right form. No rule looks at it: whoever trusts the older key checks the signature. */
function readableRotation({ replaces, rotation }: { readonly replaces?: unknown; readonly rotation?: unknown }) {
  const isKey = typeof replaces === 'string' && /^k_[0-9a-f]{32}$/.test(replaces);
  const isSignature = typeof rotation === 'string' && /^[A-Za-z0-9_-]{86}$/.test(rotation);
  return isKey && isSignature ? { replaces, rotation } : { replaces: undefined, rotation: undefined };
}
