import { EbpmError } from './ebpm-error.js';
import { isRange } from './version.js';

/** The tag that a name alone stands for. */
export const LATEST = 'latest';

const TAG = /^[a-z][a-z0-9._-]{0,63}$/;

/**
 * Checks a tag, such as `latest` or `next`, and returns it. What is a version range (`v1`, `x`) is no tag, so that
 * `name@text` means one thing.
 * @throws EBPM_TAG_INVALID
 */
export function parseTag(text: string): string {
  if (isTag(text)) return text;
  throw new EbpmError('EBPM_TAG_INVALID', `Cannot use ${JSON.stringify(text.slice(0, 100))} as a tag`, {
    hint: 'Begin with a lower-case letter, go on with letters, digits, ".", "_" and "-": next, beta-2',
  });
}

/** Whether a text is a tag. */
export function isTag(text: string): boolean {
  return TAG.test(text) && !isRange(text);
}
