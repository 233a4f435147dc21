import { judgeDeprecate } from './judge-deprecate.js';
import { judgeKey } from './judge-key.js';
import { judgeOwner } from './judge-owner.js';
import { judgePublish } from './judge-publish.js';
import { judgeSweep } from './judge-sweep.js';
import { judgeTag } from './judge-tag.js';
import { judgeTakedown } from './judge-takedown.js';
import { judgeVisibility } from './judge-visibility.js';
import { judgeYank } from './judge-yank.js';
import type { FoldContext } from './operation-place.js';
import type { PackageVerdict } from './package-change.js';
import type { PackageOperation } from './package-operation.js';
import type { PackageView } from './package-view.js';

/** Judges an operation by the rules in force. It changes nothing. */
export function judgePackageOperation(view: PackageView, op: PackageOperation, context: FoldContext): PackageVerdict {
  switch (op.type) {
    case 'publish':
      return judgePublish(view, op, context);
    case 'yank':
    case 'unyank':
      return judgeYank(view, op, context);
    case 'deprecate':
      return judgeDeprecate(view, op, context);
    case 'tag':
      return judgeTag(view, op, context);
    case 'owner':
      return judgeOwner(view, op, context);
    case 'visibility':
      return judgeVisibility(view, op, context);
    case 'takedown':
      return judgeTakedown(view, op, context);
    case 'key':
      return judgeKey(view, op, context);
    case 'condemn':
    case 'swept':
      return judgeSweep(view, op, context);
  }
}
