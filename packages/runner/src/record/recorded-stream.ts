import { type RecordType, recordTypeFromJson, STACK_FIELD_NAMES, type StackFieldNames } from '@ebpm/events';
import { EbpmError } from '@ebpm/formats';
import { MAX_RECORDED_UNIT_LENGTH } from '../limits.js';
import type { SampleLook } from '../session/sampled-map.js';
import { type StackLook, stackReaderOf } from './stack-look.js';

/** What a recording says of one of its streams. All of them stand before everything else. */
export interface RecordedStream {
  readonly kind: 'stream';
  readonly id: number;
  readonly name: string;
  readonly type: RecordType;
  /** How its records are shown where they are the entries of a sampled map; these have a key, a value, and perhaps a CPU. */
  readonly sample: SampleLook | undefined;
  /** How the stacks of its records are found, where they have some. */
  readonly stacks: StackLook | undefined;
}

type Damage = (reason: string, cause?: unknown) => EbpmError;

/** Reads the description of a stream, which may come from anybody; `json` is undefined where it is none. */
export function recordedStream(
  json: Readonly<Record<string, unknown>> | undefined,
  id: number,
  damaged: Damage,
): RecordedStream {
  const name = json?.['name'];
  if (json?.['id'] !== id || typeof name !== 'string') throw damaged(`stream ${id} is not described`);
  const type = typeOf(json['type'], (reason, cause) => damaged(`stream "${name}": ${reason}`, cause));
  const sample = json['sample'] === undefined ? undefined : sampleLook(json['sample'], type);
  if (sample === 'damaged') throw damaged(`stream "${name}": it is not said how its entries are shown`);
  const stacks = json['stacks'] === undefined ? undefined : stackLook(json['stacks'], type);
  if (stacks === 'damaged') throw damaged(`stream "${name}": it is not said where its stacks are`);
  return { kind: 'stream', id, name, type, sample, stacks };
}

function typeOf(json: unknown, damaged: Damage): RecordType {
  try {
    return recordTypeFromJson(json);
  } catch (error) {
    if (!(error instanceof EbpmError)) throw error;
    throw damaged(error.message, error);
  }
}

const ENTRY_FIELDS = ['key,value', 'key,value,cpu'];
const SHAPES = ['default_kv', 'log2_hist', 'linear_hist'] as const;

function sampleLook(json: unknown, { fields }: RecordType): SampleLook | 'damaged' {
  const isEntry = ENTRY_FIELDS.includes(fields.map(({ name }) => name).join());
  if (typeof json !== 'object' || json === null || !isEntry) return 'damaged';
  const { type = 'default_kv', unit, base, step } = json as Readonly<Record<string, unknown>>;
  const shape = SHAPES.find((one) => one === type);
  if (shape === undefined || !isText(unit) || !isInteger(base) || !isInteger(step)) return 'damaged';
  return { type: shape, unit, base, step };
}

function isText(value: unknown): value is string | undefined {
  return value === undefined || (typeof value === 'string' && value.length <= MAX_RECORDED_UNIT_LENGTH);
}

function isInteger(value: unknown): value is number | undefined {
  return value === undefined || Number.isSafeInteger(value);
}

function stackLook(json: unknown, type: RecordType): StackLook | 'damaged' {
  const { kind, clear, fields } = { ...(json as Readonly<Record<string, unknown>>) };
  const look: StackLook | undefined =
    kind === 'mapped' && typeof clear === 'boolean'
      ? { kind, clear }
      : kind === 'embedded' && isFieldNames(fields)
        ? { kind, fields }
        : undefined;
  if (look === undefined) return 'damaged';
  try {
    return stackReaderOf(type, look, () => undefined) === undefined ? 'damaged' : look;
  } catch (error) {
    if (error instanceof EbpmError) return 'damaged';
    throw error;
  }
}

function isFieldNames(json: unknown): json is StackFieldNames {
  const names = { ...(json as Readonly<Record<string, unknown>>) };
  return Object.keys(STACK_FIELD_NAMES).every((key) => typeof names[key] === 'string');
}
