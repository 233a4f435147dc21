import { EbpmError } from '@ebpm/formats';
import { STACK_FRAME_LIMIT } from '../limits.js';
import { readInteger } from '../read-integer.js';
import type { RecordType } from '../record-type.js';
import type { ArrayType, RecordField } from '../value-type.js';
import { isNumber, type RecordView, readNumber, readText } from './read-fields.js';
import type { StackReader } from './stack-reader.js';

/** The fields of an event that hold the parts of a stack. */
export interface StackFieldNames {
  readonly pid: string;
  readonly cpu_id: string;
  readonly comm: string;
  readonly kstack_sz: string;
  readonly ustack_sz: string;
  readonly kstack: string;
  readonly ustack: string;
}

/** The names that they have unless the package says others. */
export const STACK_FIELD_NAMES: StackFieldNames = {
  pid: 'pid',
  cpu_id: 'cpu_id',
  comm: 'comm',
  kstack_sz: 'kstack_sz',
  ustack_sz: 'ustack_sz',
  kstack: 'kstack',
  ustack: 'ustack',
};

/**
 * Reads stacks that events carry in themselves, as `bpf_get_stack` writes them: arrays of addresses, and their sizes in bytes, which are
 * negative where there was no stack. An event with neither stack is no sample.
 *
 * @throws EBPM_EVENT_TYPE_INVALID when a field is not there or is of another kind
 */
export function embeddedStacks(type: RecordType, names: StackFieldNames = STACK_FIELD_NAMES): StackReader {
  const numbers = { pid: names.pid, cpu: names.cpu_id, kernelBytes: names.kstack_sz, userBytes: names.ustack_sz };
  const pid = numberField(type, numbers.pid);
  const cpu = numberField(type, numbers.cpu);
  const kernelBytes = numberField(type, numbers.kernelBytes);
  const userBytes = numberField(type, numbers.userBytes);
  const comm = fieldOf(type, names.comm);
  if (comm.type.kind !== 'string') throw invalid(type, `its field "${names.comm}" is no text`);
  const kernel = stackField(type, names.kstack);
  const user = stackField(type, names.ustack);
  return {
    rest: { ...type, fields: type.fields.filter((field) => ![names.kstack, names.ustack].includes(field.name)) },
    sample: (record) => {
      const sizes = [readNumber(record, kernelBytes) ?? 0n, readNumber(record, userBytes) ?? 0n] as const;
      if (sizes[0] <= 0n && sizes[1] <= 0n) return undefined;
      return {
        comm: readText(record, comm) ?? '',
        pid: Number(readNumber(record, pid)),
        cpu: Number(readNumber(record, cpu)),
        count: undefined,
        kernel: addresses(record, kernel, sizes[0]),
        user: addresses(record, user, sizes[1]),
      };
    },
  };
}

interface StackField extends RecordField {
  readonly type: ArrayType;
}

function addresses({ view }: RecordView, { offsetBytes, type }: StackField, sizeBytes: bigint): readonly bigint[] {
  const { element, length } = type;
  const stated = sizeBytes <= 0n ? 0 : Number(sizeBytes) / element.sizeBytes;
  const count = Math.min(Math.floor(stated), length, STACK_FRAME_LIMIT);
  return Array.from({ length: count }, (_, index) =>
    isNumber(element) ? readInteger(view, offsetBytes + index * element.sizeBytes, element) : 0n,
  );
}

function numberField(type: RecordType, name: string): RecordField {
  const field = fieldOf(type, name);
  if (isNumber(field.type)) return field;
  throw invalid(type, `its field "${name}" is no number`);
}

function stackField(type: RecordType, name: string): StackField {
  const field = fieldOf(type, name);
  if (field.type.kind === 'array' && isNumber(field.type.element) && field.type.element.sizeBytes === 8) {
    return { ...field, type: field.type };
  }
  throw invalid(type, `its field "${name}" is no array of addresses`);
}

function fieldOf(type: RecordType, name: string): RecordField {
  const field = type.fields.find((candidate) => candidate.name === name);
  if (field === undefined) throw invalid(type, `it has no field "${name}"`);
  return field;
}

function invalid({ name }: RecordType, reason: string): EbpmError {
  return new EbpmError('EBPM_EVENT_TYPE_INVALID', `Cannot show the stacks of event type "${name}": ${reason}`, {
    hint: 'Name the members that hold the stack in "field_map"',
  });
}
