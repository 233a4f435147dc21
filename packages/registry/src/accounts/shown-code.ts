import { EbpmError } from '@ebpm/formats';
import type { Check } from '../publish/permits.js';
import type { Logins } from './logins.js';

/** Who is to show a one-time code, and where that is so. */
export interface CodeWish {
  /** The id of the user. */
  readonly user: string;
  /** The code that came along. */
  readonly code: string | undefined;
  /** Whether one is wanted, by the accounts as they are at that moment. */
  readonly isWanted: () => boolean;
}

/**
 * Uses up a one-time code, if one is wanted. What it returns is asked again right before something is written, when it may be wanted that
 * was not before.
 * @throws EBPM_OTP_REQUIRED, EBPM_OTP_WRONG, EBPM_LOGIN_THROTTLED
 */
export async function shownCode(logins: Logins, { user, code, isWanted }: CodeWish): Promise<Check> {
  if (!isWanted()) return () => (isWanted() ? wantedSince() : undefined);
  await logins.checkOtp(user, code);
  return () => undefined;
}

function wantedSince(): EbpmError {
  return new EbpmError(
    'EBPM_OTP_REQUIRED',
    'Cannot go on without a one-time code: one is asked for since a moment ago',
    {
      hint: 'do it again, with the code that your authenticator app shows: --otp CODE',
    },
  );
}
