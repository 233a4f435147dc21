import { EbpmError } from '@ebpm/formats';
import { MAX_TOKEN_LENGTH } from './limits.js';

/** RFC 6750 section 2.1: the characters of a bearer token. */
const TOKEN = /^[A-Za-z0-9._~+/-]+=*$/;

/**
 * A token as it was typed or piped, without the line's end.
 *
 * @throws EBPM_TOKEN_MALFORMED; the message does not repeat it
 */
export function parseToken(text: string): string {
  const token = text.trim();
  if (token.length <= MAX_TOKEN_LENGTH && TOKEN.test(token)) return token;
  const reason = token === '' ? 'none was given' : 'a token is one word of letters and digits';
  throw new EbpmError('EBPM_TOKEN_MALFORMED', `Cannot use the token: ${reason}`, {
    hint: 'Whoever runs the registry makes one: ebpm-registry token create NAME',
  });
}
