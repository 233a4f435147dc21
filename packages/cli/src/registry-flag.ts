import { Flags } from '@oclif/core';

/** `--registry URL`, as every command that talks to a registry has it. */
export const registryFlag = Flags.string({
  description: 'the registry (default: that of the scope, else EBPM_REGISTRY, else the one of the first login)',
  helpValue: 'URL',
});
