import { EbpmError } from '@ebpm/formats';

/** A one-time code as an authenticator app shows it, with or without a space in the middle. @throws EBPM_USAGE_INVALID */
export function parseOneTimeCode(text: string): string {
  const code = text.replace(/\s/g, '');
  if (/^[0-9]{6}$/.test(code)) return code;
  throw new EbpmError('EBPM_USAGE_INVALID', 'Cannot use this as a one-time code: it is 6 digits', {
    hint: 'Type the code that your authenticator app shows now',
  });
}
