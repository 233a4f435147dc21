import { Flags } from '@oclif/core';

/** `--event-type [MAP=]STRUCT`, any number of times; `parseEventType` reads each. */
export const eventTypeFlag = Flags.string({
  description: 'struct of the events, of one map or of all; where the package does not say it',
  helpValue: '[MAP=]STRUCT',
  multiple: true,
  multipleNonGreedy: true,
});
