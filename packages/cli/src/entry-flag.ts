import { Flags } from '@oclif/core';

/** Chooses among the files of a package that can run. */
export const entryFlag = Flags.string({
  helpValue: 'FILE',
  description: 'take this entry of the package, such as app.wasm, instead of the first that is for this machine',
});
