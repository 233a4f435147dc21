import { ENTRY_LIMITS } from '../limits-log.js';
import type { FoldContext } from './operation-place.js';
import { accepted, type PackageVerdict } from './package-change.js';
import type { OwnerOperation } from './package-operation.js';
import { changeable, isRefusal } from './package-rights.js';
import type { PackageView } from './package-view.js';
import { refused } from './verdict.js';

/** Judges a change of owners. There is always one. */
export function judgeOwner(view: PackageView, op: OwnerOperation, { at }: FoldContext): PackageVerdict {
  const { name, action, owner } = op;
  const what = `${action === 'add' ? 'add an owner to' : 'remove an owner of'} "${name}"`;
  const state = changeable(view, op, what);
  if (isRefusal(state)) return state;
  const isOwner = state.owners.includes(owner);
  if (isOwner === (action === 'add')) return { kind: 'repeated', at: state.changedAt };
  const owners = action === 'add' ? [...state.owners, owner] : state.owners.filter((id) => id !== owner);
  if (owners.length === 0) {
    const hint = 'add another owner first';
    return refused('EBPM_LAST_OWNER', `Cannot ${what}: nobody would own the package`, { hint });
  }
  if (owners.length > ENTRY_LIMITS.owners) {
    const hint = 'let an organisation own it, and put people into its teams';
    return refused('EBPM_TOO_MANY', `Cannot ${what}: it has ${ENTRY_LIMITS.owners} owners already`, { hint });
  }
  return accepted({ package: { ...state, owners, changedAt: at } });
}
