import { writeApproval } from '@ebpm/client';
import { EbpmError } from '@ebpm/formats';
import type { ApprovalFile } from '@ebpm/schemas';
import { childError, runChild } from '../child-command.js';
import type { Context } from '../context.js';
import { invokingUser } from '../invoking-user.js';
import { asInvokingUser } from '../run-as-invoking-user.js';
import { APPROVE_WORD } from './approve-word.js';

const MAX_ANSWER_BYTES = 64 * 1024;

/** Keeps an approval in the user's home; under sudo a child does it that is the user. @throws EBPM_STORE_UNWRITABLE */
export async function keepApproval({ env, home }: Context, approval: ApprovalFile): Promise<void> {
  const user = invokingUser(env);
  if (user === undefined) return writeApproval(home, approval);
  const end = await runChild(asInvokingUser(user, [APPROVE_WORD]), MAX_ANSWER_BYTES, JSON.stringify(approval));
  if (end.exitCode === 0) return;
  throw (
    childError(end) ??
    new EbpmError(
      'EBPM_STORE_UNWRITABLE',
      `Cannot keep the answer in "${home}": the process that does it ended with ${end.exitCode}`,
      {
        hint: `Check that user "${user.name}" may write there`,
      },
    )
  );
}
