import { EbpmError } from '@ebpm/formats';
import { Flags } from '@oclif/core';

/** `--accept-key`: trusts a publisher's key whatever key was there before. */
export const acceptKeyFlag = Flags.string({
  description: 'trust this key of a publisher, whatever key was there before: its id, which the publisher has told you',
  helpValue: 'KEY',
  parse: async (text) => {
    if (/^k_[0-9a-f]{32}$/.test(text)) return text;
    throw new EbpmError('EBPM_USAGE_INVALID', `Cannot use "${text}" as the id of a key: it is "k_" and 32 hex digits`);
  },
});
