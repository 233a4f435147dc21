import {
  type BtfLayout,
  extraStart,
  extraWord,
  KIND,
  kindOf,
  MEMBER_WORDS,
  PARAM_WORDS,
  sizeOrTypeOf,
  vlenOf,
} from './btf-layout.js';

/** How much of each type stays, by id. */
export type KeptTypes = Uint8Array;

/** Nothing of it. */
export const GONE = 0;
/** Kind, name and size, without members or values. */
export const SHELL = 1;
/** All of it. */
export const WHOLE = 2;

/** What stays when these types stay whole: all that they hold by value, and shells of what they only point to. */
export function keepTypes(layout: BtfLayout, ids: readonly number[]): KeptTypes {
  const kept = new Uint8Array(layout.count);
  const open: number[] = [];
  const keep = (id: number, how: number) => {
    if (id === 0 || (kept[id] ?? GONE) >= how) return;
    kept[id] = how;
    open.push(id);
  };
  for (const id of ids) keep(id, WHOLE);
  for (let id = open.pop(); id !== undefined; id = open.pop()) keepWhatItNames(layout, id, kept[id] ?? GONE, keep);
  return kept;
}

function keepWhatItNames(layout: BtfLayout, id: number, how: number, keep: (id: number, how: number) => void): void {
  switch (kindOf(layout, id)) {
    case KIND.struct:
    case KIND.union:
      if (how === WHOLE) for (const type of typesIn(layout, id, MEMBER_WORDS)) keep(type, WHOLE);
      break;
    case KIND.array:
      keep(extraWord(layout, id, 0), how);
      keep(extraWord(layout, id, 1), WHOLE);
      break;
    case KIND.ptr:
      keep(sizeOrTypeOf(layout, id), SHELL);
      break;
    case KIND.funcProto:
      keep(sizeOrTypeOf(layout, id), SHELL);
      for (const type of typesIn(layout, id, PARAM_WORDS)) keep(type, SHELL);
      break;
    case KIND.typedef:
    case KIND.volatile:
    case KIND.const:
    case KIND.restrict:
    case KIND.typeTag:
      keep(sizeOrTypeOf(layout, id), how);
      break;
  }
}

/** The types of members or parameters: the second word of each. */
function* typesIn(layout: BtfLayout, id: number, eachWords: number): Generator<number> {
  const start = extraStart(layout, id);
  const end = start + vlenOf(layout, id) * eachWords;
  for (let at = start; at < end; at += eachWords) yield layout.words[at + 1] ?? 0;
}
