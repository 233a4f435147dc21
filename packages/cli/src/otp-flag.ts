import { Flags } from '@oclif/core';
import { parseOneTimeCode } from './one-time-code.js';

/** Flags without which it makes no sense, or with which. */
interface Relations {
  readonly dependsOn?: string[];
  readonly exclusive?: string[];
}

/** `--otp CODE`, of a command that may be asked for one. @param where that is so */
export function otpFlag(where: string, relations: Relations = {}) {
  return Flags.string({
    description: `code of your authenticator app, ${where}; asked for on a terminal`,
    helpValue: 'CODE',
    parse: async (text) => parseOneTimeCode(text),
    ...relations,
  });
}

/** Where publishing a package takes a code, and with it what decides who publishes it. */
export const PACKAGE_CODE = 'where the package wants one';

/** Where giving rights in an organisation takes a code. */
export const ORGANISATION_CODE = 'where a package of the organisation wants one';
