import { createPrinter, frameRecords, type RecordType } from '@ebpm/events';
import { EbpmError, sniffPackage } from '@ebpm/formats';
import type { InitialValue } from '@ebpm/wasm';
import { encodeValue } from '../arguments/encode-value.js';
import { parseProgramArguments } from '../arguments/parse-program-arguments.js';
import { type OptionValue, programOptions } from '../arguments/program-option.js';
import { openPackage } from '../inputs/open-package.js';
import type { RunnablePackage } from '../runnable-package.js';
import { eventSources } from '../session/event-source.js';
import { type EventText, seedEventText } from './seed-event-text.js';

/** A program that a guest of the 2022 ABI has made of JSON. */
export interface CreatedProgram {
  readonly pkg: RunnablePackage;
  readonly values: readonly InitialValue[];
  /** Where its events come from; undefined where it sends none. */
  readonly events: { readonly map: string; readonly sizeBytes: number; readonly text: EventText } | undefined;
}

/**
 * Reads the JSON of a package, of any release, with the values of globals that the guest wrote into it.
 *
 * @throws the codes of `openPackage`, EBPM_ARGUMENT_INVALID, EBPM_EVENT_TYPE_MISSING
 */
export function createdProgram(json: string): CreatedProgram {
  const bytes = Buffer.from(json);
  const pkg = openPackage(bytes, { source: 'the JSON that the guest gave' });
  const [source] = eventSources(pkg);
  return {
    pkg,
    values: initialValues(pkg, runtimeArgs(json)),
    events: source && {
      map: source.map.name,
      sizeBytes: source.type.sizeBytes,
      text: sniffPackage(bytes) === 'seed' ? seedEventText(source.type) : printedEvent(source.type),
    },
  };
}

/** Packages of today have no such key, modules that carry them may write it all the same. */
function runtimeArgs(json: string): ReadonlyMap<string, unknown> {
  const { runtime_args: given } = JSON.parse(json) as { readonly runtime_args?: unknown };
  return new Map(Object.entries(typeof given === 'object' && given !== null ? given : {}));
}

function initialValues(pkg: RunnablePackage, given: ReadonlyMap<string, unknown>): readonly InitialValue[] {
  const options = programOptions(pkg);
  const parsed = parseProgramArguments(options, []);
  const defaults = parsed.wants === 'run' ? parsed.values : [];
  const own = options.flatMap((option) => {
    const value = given.get(option.variable);
    return value === undefined ? [] : [{ option, bytes: encodeValue(option, optionValue(option.variable, value)) }];
  });
  return [...defaults, ...own].map(({ option: { section, offsetBytes }, bytes }) => ({
    section,
    offsetBytes,
    bytes: Buffer.from(bytes).toString('base64'),
  }));
}

function optionValue(name: string, value: unknown): OptionValue {
  if (typeof value === 'number' || typeof value === 'boolean' || typeof value === 'string') return value;
  throw new EbpmError('EBPM_ARGUMENT_INVALID', `Cannot set "${name}": a number, a text, true or false is wanted`);
}

/** The line that `ebpm run --json` would print. */
function printedEvent(type: RecordType): EventText {
  const printer = createPrinter('json', type);
  return (bytes) =>
    Buffer.from(printer.print(frameRecords([[bytes]])))
      .toString('utf8')
      .trimEnd();
}
