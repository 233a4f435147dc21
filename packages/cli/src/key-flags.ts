import { DEFAULT_KEY } from '@ebpm/client';
import { Args, Flags } from '@oclif/core';
import { parseAccountName } from './account-name.js';

/** Which key a command is about. */
export const keyArg = Args.string({
  description: 'name of the key, or the path of its file, with a "/" in it',
  default: DEFAULT_KEY,
});

/** Whose key it is. */
export const organisationFlag = Flags.string({
  description: 'an organisation that you are an admin of: the key is its own, not yours',
  helpValue: 'NAME',
  parse: async (text) => parseAccountName(text),
});
