import { CLIENT_ERRORS } from '@ebpm/client/errors';
import { COMPILER_ERRORS } from '@ebpm/compiler/errors';
import { EVENTS_ERRORS } from '@ebpm/events/errors';
import { FORMATS_ERRORS } from '@ebpm/formats/errors';
import { LAB_ERRORS } from '@ebpm/lab/errors';
import { LOADER_ERRORS } from '@ebpm/loader/errors';
import { OBJECT_ERRORS } from '@ebpm/object/errors';
import { RUNNER_ERRORS } from '@ebpm/runner/errors';
import { WASM_ERRORS } from '@ebpm/wasm/errors';
import { CLI_ERRORS } from './errors.js';

/** Every error that a command can end with, by code. */
export const ERRORS = {
  ...FORMATS_ERRORS,
  ...OBJECT_ERRORS,
  ...EVENTS_ERRORS,
  ...COMPILER_ERRORS,
  ...LOADER_ERRORS,
  ...RUNNER_ERRORS,
  ...WASM_ERRORS,
  ...LAB_ERRORS,
  ...CLIENT_ERRORS,
  ...CLI_ERRORS,
} as const;
