import { USER_NAME_LIMIT } from '../limits.js';
import { printable } from '../printable.js';
import type { IntType, RecordField } from '../value-type.js';
import { utf8Bytes } from '../write/write-text.js';
import { ERRORS, type NumberedNames, SIGNALS, SYSCALLS_ARM64, SYSCALLS_X64 } from './kernel-names.js';
import type { KnownFormat, KnownFormatFactory } from './known-format.js';
import { type NameTable, nameTable } from './name-table.js';

/** Signals: `SIGKILL`. */
export const signalFormat: KnownFormatFactory = (field) => {
  return nameFormat(field, { names: nameTable(numbered(SIGNALS)), width: 'SIGVTALRM'.length });
};

/** System calls by the numbers of the machine that the events come from: `openat`. */
export const systemCallFormat: KnownFormatFactory = (field, { architecture }) => {
  if (architecture === undefined) return undefined;
  const calls = architecture === 'x64' ? SYSCALLS_X64 : SYSCALLS_ARM64;
  return nameFormat(field, { names: nameTable(numbered(calls)), width: 'rt_sigprocmask'.length });
};

/** What a function gave back: `-ENOENT`, as the kernel's code writes it; other numbers stay numbers. */
export const errorFormat: KnownFormatFactory = (field) => {
  const names = numbered(ERRORS).map(([name, value]) => [`-${name}`, -value] as const);
  return nameFormat(field, { names: nameTable(names), width: '-EINPROGRESS'.length, right: true });
};

/** Users by name; those without one stay numbers. */
export const userFormat: KnownFormatFactory = (field, { userName }) => {
  if (userName === undefined) return undefined;
  const known = new Map<number, Uint8Array | undefined>();
  const names: NameTable = {
    text: (uid) => {
      if (!known.has(uid)) {
        // A hostile program may send any number of ids.
        if (known.size >= USER_NAME_LIMIT) known.clear();
        const name = userName(uid);
        known.set(uid, name === undefined ? undefined : utf8Bytes(printable(name)).slice(0, LONGEST_USER_NAME));
      }
      return known.get(uid);
    },
    valueOf: () => undefined,
  };
  return nameFormat(field, { names, width: 'www-data'.length, mostBytes: LONGEST_USER_NAME });
};

/** Twice what Linux allows (useradd: 32 characters), for escapes. */
const LONGEST_USER_NAME = 64;

interface NameFormat {
  readonly names: NameTable;
  readonly width: number;
  readonly right?: boolean;
  readonly mostBytes?: number;
}

function nameFormat(
  { type }: RecordField,
  { names, width, right = false, mostBytes = 32 }: NameFormat,
): KnownFormat | undefined {
  if (type.kind !== 'int') return undefined;
  return {
    names,
    width,
    right,
    mostBytes,
    inCsv: false,
    code: (at, constant) => `writeName(t,p,${halves(type, at)},${constant(names)})`,
  };
}

/** Code of the low and high 32 bits of an integer. */
function halves({ sizeBytes, signed }: IntType, at: string): string {
  if (sizeBytes === 8) return `v.getUint32(${at},true),v.get${signed ? 'Int' : 'Uint'}32(${at}+4,true)`;
  const value =
    sizeBytes === 1
      ? `v.get${signed ? 'Int' : 'Uint'}8(${at})`
      : `v.get${signed ? 'Int' : 'Uint'}${sizeBytes * 8}(${at},true)`;
  return signed ? `${value}>>>0,${value}>>31` : `${value},0`;
}

function numbered(lists: readonly NumberedNames[]): readonly (readonly [string, number])[] {
  return lists.flatMap(([first, names]) => names.split(' ').map((name, index) => [name, first + index] as const));
}
