import { TIMESTAMP_KINDS } from '@ebpm/events';
import { Flags } from '@oclif/core';
import { durationFlag } from './duration.js';
import { OUTPUT_KINDS } from './output-request.js';

/** The flags of every command that prints events. */
export const OUTPUT_FLAGS = {
  output: Flags.option({
    char: 'o',
    options: OUTPUT_KINDS,
    description: 'print a table (the default), one JSON object a line, CSV, bytes in hex, or folded stacks',
  })(),
  json: Flags.boolean({ char: 'j', description: 'the same as --output json', exclusive: ['output'] }),
  columns: Flags.string({ helpValue: 'a,b.c', description: 'show these fields, in this order' }),
  filter: Flags.string({
    helpValue: 'EXPR',
    description: 'show events for which this holds, such as \'comm == "bash" && pid > 100\'',
  }),
  sort: Flags.string({ helpValue: 'FIELD', description: 'sort the events of each interval; FIELD:asc, FIELD:desc' }),
  top: Flags.integer({
    min: 1,
    max: 10_000,
    description: 'show the first N of each interval, the highest first; needs --sort',
  }),
  interval: durationFlag({ description: 'how long --sort and --top collect; default: 1s' }),
  timestamp: Flags.option({
    options: TIMESTAMP_KINDS,
    description: 'the clock that is shown; default: local in a table and in hex, else none',
  })(),
  numeric: Flags.boolean({ description: 'show plain numbers in a table, not what they mean' }),
};
