import type { Btf } from './btf.js';
import { viewOf } from './data-view.js';
import type { ElfSection } from './elf-file.js';
import { refusal } from './refusal.js';

/**
 * A table of `.BTF.ext` ties instructions to types or source lines. It is
 *
 *     u32 record size | { u32 name of an ELF section | u32 count | count records } ...
 *
 * and each record starts with the offset of an instruction in that section.
 * @see https://docs.kernel.org/bpf/btf.html#btf-ext-section
 */
export interface BtfExtTable {
  readonly name: 'func_info' | 'line_info' | 'core_relo';
  /** After the header of `.BTF.ext`. */
  readonly offsetBytes: number;
  readonly sizeBytes: number;
  /** What a record has at least; newer ones may be longer. */
  readonly recordBytes: number;
}

/** A record: the instruction that it is about, and its other words, counted from the one after the instruction's. */
export interface BtfExtRecord {
  readonly section: string;
  readonly offsetBytes: number;
  readonly words: readonly [number, number, number];
}

/** Bytes before the records of a section. */
const SECTION_BYTES = 8;

/** Takes a record. There is one for each line of source, so nothing is allocated for it. */
export type VisitRecord = (first: number, second: number, third: number, section: string, offsetBytes: number) => void;

/** What the records of a table refer to. */
export interface BtfExtScope {
  readonly body: Uint8Array;
  readonly btf: Btf;
  readonly executable: ReadonlyMap<string, ElfSection>;
}

/**
 * Visits the records of a table, each about an instruction of one of the sections.
 * @throws EBPM_BTF_INVALID
 */
export function visitBtfExtRecords(
  table: BtfExtTable,
  { body, btf, executable }: BtfExtScope,
  visit: VisitRecord,
): void {
  if (table.sizeBytes === 0) return;
  if (table.offsetBytes % 4 !== 0 || table.sizeBytes < 4 || table.offsetBytes + table.sizeBytes > body.length) {
    throw invalid(table, `it has ${table.sizeBytes} bytes at byte ${table.offsetBytes} of ${body.length}`);
  }
  const view = viewOf(body.subarray(table.offsetBytes, table.offsetBytes + table.sizeBytes));
  const recordBytes = view.getUint32(0, true);
  if (recordBytes < table.recordBytes || recordBytes % 4 !== 0) {
    throw invalid(table, `its records have ${recordBytes} bytes, wanted ${table.recordBytes} or more`);
  }
  const seen = new Set<string>();
  for (let at = 4; at < view.byteLength; ) {
    if (at + SECTION_BYTES > view.byteLength) throw invalid(table, `it ends inside a section header at byte ${at}`);
    const name = btf.string(view.getUint32(at, true));
    const count = view.getUint32(at + 4, true);
    const start = at + SECTION_BYTES;
    at = start + count * recordBytes;
    if (count === 0 || at > view.byteLength) throw invalid(table, `it has ${count} records for "${name}"`);
    const section = executable.get(name);
    if (section === undefined) throw invalid(table, `there is no code in a section "${name}"`);
    if (seen.has(name)) throw invalid(table, `it has two lists of records for "${name}"`);
    seen.add(name);
    for (let record = start; record < at; record += recordBytes) {
      const offsetBytes = view.getUint32(record, true);
      if (offsetBytes % 8 !== 0 || offsetBytes >= section.sizeBytes) {
        throw invalid(table, `it is about byte ${offsetBytes} of "${name}", which is no instruction`);
      }
      visit(
        view.getUint32(record + 4, true),
        table.recordBytes > 8 ? view.getUint32(record + 8, true) : 0,
        table.recordBytes > 12 ? view.getUint32(record + 12, true) : 0,
        name,
        offsetBytes,
      );
    }
  }
}

function invalid(table: BtfExtTable, reason: string): Error {
  return refusal('EBPM_BTF_INVALID', `${table.name} in ".BTF.ext": ${reason}`, { section: '.BTF.ext' });
}
