import { Flags } from '@oclif/core';
import { parseAllow } from './allow.js';

/** `--allow=CLASS,...`: agrees to classes of permissions. */
export function allowFlag(description: string) {
  return Flags.string({
    helpValue: 'CLASS,...',
    multiple: true,
    multipleNonGreedy: true,
    description,
    parse: async (text) => {
      parseAllow(text);
      return text;
    },
  });
}
