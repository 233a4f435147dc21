import { AuditTrail } from '../audit/audit-trail.js';
import type { Context } from '../context.js';
import { agreeToRun, type RunToAgreeTo } from './agree-to-run.js';
import { judgementKeeper } from './judgement-keeper.js';

/** A package that may be loaded, though it is not run. */
export interface AgreedLoad {
  /** Writes down that it is in the kernel, and that it is to be closed. @throws EBPM_AUDIT_UNWRITABLE where the machine's policy requires the line */
  readonly loaded: () => void;
}

/**
 * Asks for a dry load what is asked for a run: what is handed to the verifier is in the kernel for a moment, and whoever agrees to nothing has agreed to neither.
 * That nothing of it was revoked is seen before.
 *
 * @throws what agreeToRun throws
 */
export async function agreedLoad(context: Context, toLoad: RunToAgreeTo): Promise<AgreedLoad> {
  const run = { ...toLoad, command: 'check --load' } as const;
  const agreement = await agreeToRun(context, run);
  judgementKeeper(context, agreement)();
  const trail = new AuditTrail(context, run, agreement);
  return {
    loaded: () => {
      trail.loaded();
      trail.ended('closed');
    },
  };
}
