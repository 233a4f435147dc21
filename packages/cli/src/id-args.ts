import { EbpmError } from '@ebpm/formats';
import { Args } from '@oclif/core';

/** The id of a publisher's key, as an argument. */
export const keyIdArg = Args.string({
  description: 'id of the key',
  required: true,
  parse: async (text) => {
    if (isKeyId(text)) return text;
    throw notAnId(
      text,
      `a key: it is "k_" and 32 hex digits`,
      'Type "ebpm keys ls" to see the ids of your keys, "ebpm keys ls --organisation NAME" for those of an organisation',
    );
  },
});

/** The id of a token, as an argument. */
export const tokenIdArg = Args.string({
  description: 'id of the token',
  required: true,
  parse: async (text) => {
    if (/^t_[0-9a-f]{16}$/.test(text)) return text;
    const isToken = text.startsWith('ebpm_');
    throw notAnId(
      text,
      `a token: it is "t_" and 16 hex digits${isToken ? ', not the token itself' : ''}`,
      'Type "ebpm token ls" to see the ids of your tokens, "ebpm whoami --json" for that of the one in use',
    );
  },
});

/** The id of a trusted publisher of a package, as an argument. */
export const publisherIdArg = Args.string({
  description: 'id of the publisher',
  required: true,
  parse: async (text) => {
    if (/^c_[0-9a-f]{32}$/.test(text)) return text;
    throw notAnId(
      text,
      'a publisher: it is "c_" and 32 hex digits',
      'Type "ebpm publisher ls NAME" to see the ids of the publishers of a package',
    );
  },
});

/** Whether a text is the id of a publisher's key. */
export function isKeyId(text: string): boolean {
  return /^k_[0-9a-f]{32}$/.test(text);
}

function notAnId(text: string, what: string, hint: string): EbpmError {
  const shown = JSON.stringify(text.slice(0, 100));
  return new EbpmError('EBPM_USAGE_INVALID', `Cannot use ${shown} as the id of ${what}`, { hint });
}
