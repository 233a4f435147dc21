import type { CoreRelocation, FunctionType } from './bpf-object.js';
import type { Btf } from './btf.js';
import { type BtfExtTable, type VisitRecord, visitBtfExtRecords } from './btf-ext-records.js';
import { checkBtfPreamble } from './btf-header.js';
import { coreRelocation } from './core-relocation.js';
import { viewOf } from './data-view.js';
import type { ElfSection } from './elf-file.js';
import { BTF_EXT_MAX_BYTES, CORE_MAX_RELOCATIONS } from './limits.js';
import { refusal } from './refusal.js';

/** Bytes of the header, without and with the place of core_relo. */
const HEADER_BYTES = 24;
const HEADER_WITH_CORE_BYTES = 32;

/** What `.BTF.ext` says of the code. */
export interface BtfExt {
  readonly functionTypes: readonly FunctionType[];
  readonly coreRelocations: readonly CoreRelocation[];
}

/**
 * Reads the types of functions and the CO-RE relocations of `.BTF.ext`, and checks that everything in it refers to something: libbpf 1.1.2 crashes on
 * some mutated ones.
 * @see https://github.com/torvalds/linux/blob/v6.12/tools/lib/bpf/libbpf_internal.h (struct btf_ext_header)
 * @throws EBPM_BTF_INVALID, EBPM_BTF_UNSUPPORTED, EBPM_BTF_TOO_LARGE
 */
export function readBtfExt(bytes: Uint8Array, btf: Btf, executable: readonly ElfSection[]): BtfExt {
  if (bytes.length < HEADER_BYTES) {
    throw refusal('EBPM_BTF_INVALID', `".BTF.ext" has ${bytes.length} bytes, wanted at least ${HEADER_BYTES}`, {
      section: '.BTF.ext',
    });
  }
  if (bytes.length > BTF_EXT_MAX_BYTES) {
    throw refusal('EBPM_BTF_TOO_LARGE', `".BTF.ext" has ${bytes.length} bytes, wanted at most ${BTF_EXT_MAX_BYTES}`, {
      section: '.BTF.ext',
    });
  }
  const view = viewOf(bytes);
  const headerBytes = checkBtfPreamble(view, '".BTF.ext"', HEADER_BYTES);
  const body = bytes.subarray(headerBytes);
  const sections = new Map(executable.map((section) => [section.name, section]));
  const scope = { body, btf, executable: sections };
  const visit = (name: BtfExtTable['name'], at: number, recordBytes: number, visitor: VisitRecord) =>
    visitBtfExtRecords(
      { name, offsetBytes: view.getUint32(at, true), sizeBytes: view.getUint32(at + 4, true), recordBytes },
      scope,
      visitor,
    );

  const functionTypes: FunctionType[] = [];
  visit('func_info', 8, 8, (typeId, _second, _third, section, offsetBytes) => {
    checkFunction(btf, typeId);
    functionTypes.push({ section, offsetBytes, typeId });
  });
  visit('line_info', 16, 16, (fileOffset, lineOffset) => {
    checkLine(btf, fileOffset);
    checkLine(btf, lineOffset);
  });
  const coreRelocations: CoreRelocation[] = [];
  if (headerBytes < HEADER_WITH_CORE_BYTES) return { functionTypes, coreRelocations };
  visit('core_relo', 24, 16, (typeId, accessOffset, kind, section, offsetBytes) => {
    if (coreRelocations.length === CORE_MAX_RELOCATIONS) {
      throw refusal('EBPM_BTF_TOO_LARGE', `it has more than ${CORE_MAX_RELOCATIONS} CO-RE relocations`);
    }
    coreRelocations.push(coreRelocation(btf, { section, offsetBytes, words: [typeId, accessOffset, kind] }));
  });
  return { functionTypes, coreRelocations };
}

function checkFunction(btf: Btf, typeId: number): void {
  if (btf.type(typeId).kind !== 'func') {
    throw refusal('EBPM_BTF_INVALID', `func_info in ".BTF.ext": type ${typeId} is no function`, {
      section: '.BTF.ext',
      typeId,
    });
  }
}

/** The name of a file or the text of a line, which may be of any length and in any character set. */
function checkLine(btf: Btf, offset: number): void {
  if (btf.hasString(offset)) return;
  throw refusal('EBPM_BTF_INVALID', `line_info in ".BTF.ext": there is no string at ${offset}`, {
    section: '.BTF.ext',
  });
}
