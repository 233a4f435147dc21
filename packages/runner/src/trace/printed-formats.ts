import { type BpfProgram, readElf } from '@ebpm/object';
import { TRACE_FORMAT_MAX_BYTES, TRACE_FORMATS_MAX } from '../limits.js';
import type { RunnablePackage } from '../runnable-package.js';

/**
 * The format strings with which an object may call `bpf_printk`; undefined where it does not call it. libbpf's macro keeps each in a static
 * variable whose name ends in `_fmt`; an object without such variables has any of its text for a format.
 */
export function printedFormats(pkg: RunnablePackage): readonly string[] | undefined {
  if (!callsPrintk(pkg)) return undefined;
  const { object } = pkg;
  const sections = object.dataSections.filter(({ name }) => name.startsWith('.rodata'));
  const named = sections.flatMap(({ bytes, variables }) =>
    variables
      .filter(({ name }) => name.endsWith('_fmt'))
      .map(({ offsetBytes, sizeBytes }) => bytes?.subarray(offsetBytes, offsetBytes + sizeBytes)),
  );
  const all = named.length > 0 ? named : sections.map(({ bytes }) => bytes);
  const texts = all.flatMap((bytes) => (bytes === undefined ? [] : textsIn(bytes)));
  return [...new Set(texts)].slice(0, TRACE_FORMATS_MAX);
}

/** NUL-terminated texts. */
function textsIn(bytes: Uint8Array): readonly string[] {
  return TEXT.decode(bytes)
    .split('\0')
    .filter((text) => text !== '' && text.length <= TRACE_FORMAT_MAX_BYTES);
}

const TEXT = new TextDecoder();

/**
 * BPF_FUNC_trace_printk and BPF_FUNC_trace_vprintk.
 * @see https://github.com/torvalds/linux/blob/v6.1/include/uapi/linux/bpf.h ___BPF_FUNC_MAPPER
 */
const PRINTK_HELPERS: ReadonlySet<number> = new Set([6, 177]);

function callsPrintk({ checked, object }: RunnablePackage): boolean {
  const { sections } = readElf(checked.bytes);
  return [...object.programs, ...object.subprograms].some((program) => {
    const bytes = sections[program.sectionIndex]?.bytes;
    return bytes !== undefined && callsAny(bytes, program);
  });
}

/** An instruction has 8 bytes: opcode, registers, offset, immediate. A call of a helper has its number as the immediate, and no source. */
function callsAny(bytes: Uint8Array, { offsetBytes, instructionCount }: BpfProgram): boolean {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  for (let at = offsetBytes; at < offsetBytes + instructionCount * 8 && at + 8 <= bytes.length; at += 8) {
    const isHelperCall = view.getUint8(at) === 0x85 && view.getUint8(at + 1) >> 4 === 0;
    if (isHelperCall && PRINTK_HELPERS.has(view.getInt32(at + 4, true))) return true;
  }
  return false;
}
