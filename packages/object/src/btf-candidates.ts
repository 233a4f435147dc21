import type { BtfLayout } from './btf-layout.js';
import { type StringSection, stringAt } from './btf-strings.js';
import { essentialName } from './essential-name.js';

/**
 * Finds all types whose essential name is one of the wanted, of one of the kinds that are wanted for it: one pass over the types,
 * which reads no more of a name than it must. By name, the ids, rising.
 * @param firstId the first type that is looked at
 */
export function findCandidates(
  layout: BtfLayout,
  strings: StringSection,
  wanted: ReadonlyMap<string, ReadonlySet<number>>,
  firstId = 1,
): ReadonlyMap<string, readonly number[]> {
  const { kinds, words, starts, count } = layout;
  const { bytes } = strings;
  const found = new Map<string, number[]>();
  const isKind = kindTable(wanted);
  const starting = namesByStart(wanted.keys());
  for (let id = firstId; id < count; id++) {
    // Most types are of other kinds, or start otherwise.
    if (isKind[kinds[id] ?? 0] === 0) continue;
    const offset = words[starts[id] ?? 0] ?? 0;
    const names = starting[bytes[offset] ?? 0];
    if (names === undefined || offset === 0) continue;
    for (const { name, encoded } of names) {
      if (!startsWith(bytes, offset, encoded) || wanted.get(name)?.has(kinds[id] ?? 0) !== true) continue;
      // A name may go on after it with a flavour only.
      if (bytes[offset + encoded.length] !== 0 && essentialName(stringAt(strings, offset)) !== name) continue;
      const ids = found.get(name) ?? [];
      ids.push(id);
      found.set(name, ids);
    }
  }
  return found;
}

interface EncodedName {
  readonly name: string;
  readonly encoded: Uint8Array;
}

/** By first byte; a name that is empty is that of no type. */
function namesByStart(names: Iterable<string>): readonly (readonly EncodedName[] | undefined)[] {
  const table: EncodedName[][] = [];
  for (const name of names) {
    const encoded = new TextEncoder().encode(name);
    const start = encoded[0];
    if (start === undefined) continue;
    const list = table[start] ?? [];
    list.push({ name, encoded });
    table[start] = list;
  }
  return table;
}

/** 1 for every kind that is wanted for some name. */
function kindTable(wanted: ReadonlyMap<string, ReadonlySet<number>>): Uint8Array {
  const table = new Uint8Array(256);
  for (const kinds of wanted.values()) for (const kind of kinds) table[kind] = 1;
  return table;
}

function startsWith(bytes: Uint8Array, offset: number, start: Uint8Array): boolean {
  for (let index = 0; index < start.length; index++) if (bytes[offset + index] !== start[index]) return false;
  return true;
}
