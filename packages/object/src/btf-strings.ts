import { BTF_MAX_NAME_BYTES, BTF_MAX_STRING_BYTES } from './limits.js';
import { refusal } from './refusal.js';
import { StringTable } from './string-table.js';

/**
 * The strings of a BTF blob, each known by its offset; offset 0 is the empty name.
 *
 * One pass from the end to the start notes for every byte what the string that starts there is made of, so that a name is
 * checked in one look, wherever in the section it starts.
 */
export interface BtfStrings {
  readonly bytes: Uint8Array;
  /** The same, to read strings from. */
  readonly table: StringTable;
  /** For each byte, which of the `STRING_CLASS` bits the string has that starts there. */
  readonly classes: Uint8Array;
}

/** Strings that are read without a look at what they are made of. */
export type StringSection = Omit<BtfStrings, 'classes'>;

/** What a string is made of. Only strings that the kernel takes as names, by their length, have any of these bits. */
export const STRING_CLASS = {
  /** Printable ASCII, not empty. */
  printable: 1,
  /** A C identifier, in which `.` is a letter too. */
  identifier: 2,
} as const;

/** Of a byte: part of an identifier, but not its start. */
const DIGIT = 4;

/** What each byte may be part of. @see https://github.com/torvalds/linux/blob/v6.12/kernel/bpf/btf.c (__btf_name_char_ok) */
const BYTE_CLASSES = Uint8Array.from({ length: 256 }, (_, byte) => {
  if (byte < 0x20 || byte > 0x7e) return 0;
  const character = String.fromCharCode(byte);
  if (/[0-9]/.test(character)) return STRING_CLASS.printable | STRING_CLASS.identifier | DIGIT;
  return /[A-Za-z_.]/.test(character) ? STRING_CLASS.printable | STRING_CLASS.identifier : STRING_CLASS.printable;
});

/** The strings of a section that ends with NUL, none of which is looked at. */
export function stringSection(bytes: Uint8Array): StringSection {
  return { bytes, table: new StringTable(bytes) };
}

/** Looks at all strings of a section that starts and ends with NUL. */
export function btfStrings(bytes: Uint8Array): BtfStrings {
  const classes = new Uint8Array(bytes.length);
  let rest = 0;
  let longest = 0;
  for (let offset = bytes.length - 1; offset >= 0; offset--) {
    const byte = bytes[offset] ?? 0;
    if (byte === 0) {
      rest = STRING_CLASS.printable | STRING_CLASS.identifier;
      longest = offset - BTF_MAX_NAME_BYTES;
      continue;
    }
    const own = BYTE_CLASSES[byte] ?? 0;
    rest = offset < longest ? 0 : rest & own;
    // A digit takes away that it is an identifier: the bit beside its own.
    classes[offset] = rest & ~((own & DIGIT) >> 1);
  }
  return { ...stringSection(bytes), classes };
}

/** The string at an offset. @throws EBPM_BTF_INVALID when it is outside, not UTF-8, or longer than any that is read. */
export function stringAt(strings: StringSection, offset: number): string {
  const text = strings.table.at(offset, BTF_MAX_STRING_BYTES);
  if (text === undefined) throw refusal('EBPM_BTF_INVALID', `there is no valid string at ${offset}`);
  return text;
}
