import { Flags } from '@oclif/core';
import { parseAllow, parseRunAllow } from './allow.js';

/** `--allow=CLASS,...`: agrees to classes of permissions. */
export function allowFlag(description: string) {
  return allowFlagWith(description, parseAllow);
}

/** `--allow` of a run, which also gives to WASM modules what they ask of WASI. */
export function runAllowFlag(description: string) {
  return allowFlagWith(description, (text) => parseRunAllow([text]));
}

/** @param check throws what is wrong with one value */
function allowFlagWith(description: string, check: (text: string) => unknown) {
  return Flags.string({
    helpValue: 'CLASS,...',
    multiple: true,
    multipleNonGreedy: true,
    description,
    parse: async (text) => {
      await check(text);
      return text;
    },
  });
}
