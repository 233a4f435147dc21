import { STACK_FRAME_LIMIT } from '../limits.js';
import type { RecordType } from '../record-type.js';
import type { RecordField } from '../value-type.js';
import { isNumber, readNumber, readText } from './read-fields.js';
import type { StackReader } from './stack-reader.js';

/** The addresses of a stack by its id, which stood in that field; undefined where it is gone. */
export type StackOf = (id: number, field: string) => Uint8Array | undefined;

/**
 * Reads stacks that entries of a map refer to by the id that `bpf_get_stackid` gave: numbers whose name ends in `stack_id` or `stackid`.
 * A negative id is an error: there was no stack. Undefined where the entries have no such number.
 *
 * The process is the number `tgid` or `pid` of the key or the value, its name the text `comm`; how often the stack was seen is the first
 * other number of the value.
 */
export function mappedStacks(type: RecordType, stackOf: StackOf): StackReader | undefined {
  const fields = innerFields(type);
  const ids = fields.filter(isStackId);
  if (ids.length === 0) return undefined;
  const pid = fields.find(({ name }) => name === 'tgid') ?? fields.find(({ name }) => name === 'pid');
  const comm = fields.find(({ name, type: text }) => name === 'comm' && text.kind === 'string');
  const cpu = fields.find(({ name }) => /^cpu(_?id)?$/.test(name));
  const end = type.fields.find(({ name }) => name === 'value')?.offsetBytes ?? 0;
  const count = fields.find(
    (field) => field.offsetBytes >= end && isNumber(field.type) && field !== pid && field !== cpu && !isStackId(field),
  );
  return {
    rest: type,
    sample: (record) => {
      const stacks = ids.map(({ name, ...field }) => ({
        isKernel: ownerOf(name),
        addresses: addresses(stackOf, name, readNumber(record, { name, ...field })),
      }));
      const cpuNumber = readNumber(record, cpu);
      return {
        comm: readText(record, comm) ?? '',
        pid: Number(readNumber(record, pid) ?? 0n),
        cpu: cpuNumber === undefined ? undefined : Number(cpuNumber),
        count: readNumber(record, count) ?? 1n,
        kernel: stacks.flatMap((stack) => stack.addresses.filter(stack.isKernel)),
        user: stacks.flatMap((stack) => stack.addresses.filter((address) => !stack.isKernel(address))),
      };
    },
  };
}

function innerFields(type: RecordType): readonly RecordField[] {
  return type.fields.flatMap((field) =>
    'fields' in field.type
      ? field.type.fields.map((inner) => ({ ...inner, offsetBytes: field.offsetBytes + inner.offsetBytes }))
      : [field],
  );
}

/** bpf_get_stackid gives a long; programs keep it in four bytes or eight, and read without a sign an error is beyond every id. */
function isStackId({ name, type }: RecordField): boolean {
  return /(^|_)stack_?id$/i.test(name) && type.kind === 'int' && (type.sizeBytes === 4 || type.sizeBytes === 8);
}

function addresses(stackOf: StackOf, field: string, id: bigint | undefined): readonly bigint[] {
  const bytes = id === undefined || id < 0n || id > HIGHEST_ID ? undefined : stackOf(Number(id), field);
  if (bytes === undefined) return [];
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const found: bigint[] = [];
  for (let at = 0; at + 8 <= bytes.length && found.length < STACK_FRAME_LIMIT; at += 8) {
    const address = view.getBigUint64(at, true);
    if (address === 0n) break;
    found.push(address);
  }
  return found;
}

/** An id is a position in the map, which has at most 2^31 of them. */
const HIGHEST_ID = 0x7fff_ffffn;

/**
 * Whose addresses a stack has: the kernel's or the process's by the first letter of the field, as in `kernel_stack_id` and `ustack_id`.
 * Otherwise each address tells: on all 64-bit machines that Linux runs on, the kernel has the upper half of them.
 */
function ownerOf(name: string): (address: bigint) => boolean {
  const letter = name[0]?.toLowerCase();
  if (letter === 'k' || letter === 'u') return () => letter === 'k';
  return (address) => address >> 63n === 1n;
}
