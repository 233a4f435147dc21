import { EbpmError } from '@ebpm/formats';
import { Flags } from '@oclif/core';
import { isKeyId } from './id-args.js';

/** `--accept-key`: trusts a publisher's key whatever key was there before. */
export const acceptKeyFlag = Flags.string({
  description: 'trust this key of a publisher, whatever key was there before: its id, which the publisher has told you',
  helpValue: 'KEY',
  parse: async (text) => {
    if (isKeyId(text)) return text;
    throw new EbpmError('EBPM_USAGE_INVALID', `Cannot use "${text}" as the id of a key: it is "k_" and 32 hex digits`);
  },
});
