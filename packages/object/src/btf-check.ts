import {
  type BtfLayout,
  extraStart,
  extraWord,
  KIND,
  kindOf,
  MEMBER_WORDS,
  PARAM_WORDS,
  SECTION_VARIABLE_WORDS,
  sizeOrTypeOf,
  VALUE_WORDS,
  VALUE64_WORDS,
  vlenOf,
} from './btf-layout.js';
import { checkName, NAME_RULES, OPTIONAL } from './btf-name-rules.js';
import { type BtfStrings, STRING_CLASS } from './btf-strings.js';
import { typeRefusal } from './refusal.js';

/**
 * Checks what each type says by itself: names, sizes, and that what it refers to exists and may be referred to. The rules are
 * the kernel's, loosened where clang's objects differ from what libbpf later makes of them (sections without offsets, external
 * variables and functions). A kernel has a million things to check, so the loops look at the good case themselves and leave
 * what is not good to a function.
 * @see https://github.com/torvalds/linux/blob/v6.12/kernel/bpf/btf.c (btf_check_meta)
 * @throws EBPM_BTF_INVALID
 */
export function checkTypes(layout: BtfLayout, strings: BtfStrings): void {
  const { words, starts, kinds, count } = layout;
  const { classes } = strings;
  for (let id = 1; id < count; id++) {
    const kind = kinds[id] ?? 0;
    const name = words[starts[id] ?? 0] ?? 0;
    const rule = NAME_RULES[kind] ?? 0;
    if (name === 0 ? (rule & OPTIONAL) === 0 : (rule & (classes[name] ?? 0)) === 0) {
      checkName(strings, id, name, rule, 'it');
    }
    CHECKS[kind]?.(layout, id, strings);
  }
}

type Check = (layout: BtfLayout, id: number, strings: BtfStrings) => void;

/** Indexed by kind number. */
const CHECKS: readonly (Check | undefined)[] = [
  /* void     */ undefined,
  /* int      */ checkInt,
  /* ptr      */ checkReference,
  /* array    */ checkArray,
  /* struct   */ checkMembers,
  /* union    */ checkMembers,
  /* enum     */ (layout, id, strings) => checkValues(layout, id, strings, VALUE_WORDS),
  /* fwd      */ (layout, id) => checkSize(layout, id, [0]),
  /* typedef  */ checkReference,
  /* volatile */ checkReference,
  /* const    */ checkReference,
  /* restrict */ checkReference,
  /* func     */ checkFunc,
  /* proto    */ checkFuncProto,
  /* var      */ checkVar,
  /* datasec  */ checkDatasec,
  /* float    */ (layout, id) => checkSize(layout, id, [2, 4, 8, 12, 16]),
  /* decl_tag */ checkDeclTag,
  /* type_tag */ checkReference,
  /* enum64   */ (layout, id, strings) => checkValues(layout, id, strings, VALUE64_WORDS),
];

/** 1 for kinds that can be referred to as the type of something; functions, variables, sections and tags cannot. */
const REFERABLE = Uint8Array.from({ length: KIND.enum64 + 1 }, (_, kind) =>
  kind === KIND.func || kind === KIND.var || kind === KIND.datasec || kind === KIND.declTag ? 0 : 1,
);

/** The highest linkage: extern. */
const MAX_LINKAGE = 2;

const MAX_INT_BITS = 128;

function checkInt(layout: BtfLayout, id: number): void {
  checkSize(layout, id, [1, 2, 4, 8, 16]);
  const size = sizeOrTypeOf(layout, id);
  const data = extraWord(layout, id, 0);
  const bits = (data & 0xff) + ((data >>> 16) & 0xff);
  // Signed, char and bool exclude one another; bits 8 to 15 are unused.
  if (![0, 1, 2, 4].includes(data >>> 24) || (data & 0xff00) !== 0) {
    throw typeRefusal(id, `its encoding is 0x${data.toString(16)}`);
  }
  if (bits > MAX_INT_BITS || bits > size * 8) throw typeRefusal(id, `an integer of ${size} bytes has ${bits} bits`);
}

function checkReference(layout: BtfLayout, id: number): void {
  checkTarget(layout, id, sizeOrTypeOf(layout, id), 'it');
}

function checkArray(layout: BtfLayout, id: number): void {
  checkSize(layout, id, [0]);
  checkValueType(layout, id, extraWord(layout, id, 0), 'its element');
  checkValueType(layout, id, extraWord(layout, id, 1), 'its index');
}

function checkMembers(layout: BtfLayout, id: number, strings: BtfStrings): void {
  const { words, kinds } = layout;
  const { classes } = strings;
  const { identifier } = STRING_CLASS;
  const start = extraStart(layout, id);
  const end = start + vlenOf(layout, id) * MEMBER_WORDS;
  for (let at = start; at < end; at += MEMBER_WORDS) {
    const name = words[at] ?? 0;
    const type = words[at + 1] ?? 0;
    if (name !== 0 && ((classes[name] ?? 0) & identifier) === 0) checkName(strings, id, name, identifier, 'a member');
    if (type === 0 || REFERABLE[kinds[type] ?? KIND.func] === 0) checkValueType(layout, id, type, 'a member');
  }
}

function checkValues(layout: BtfLayout, id: number, strings: BtfStrings, valueWords: number): void {
  checkSize(layout, id, [1, 2, 4, 8]);
  const { words } = layout;
  const { classes } = strings;
  const { identifier } = STRING_CLASS;
  const start = extraStart(layout, id);
  const end = start + vlenOf(layout, id) * valueWords;
  for (let at = start; at < end; at += valueWords) {
    const name = words[at] ?? 0;
    if (((classes[name] ?? 0) & identifier) === 0) checkName(strings, id, name, identifier, 'a value');
  }
}

function checkFunc(layout: BtfLayout, id: number): void {
  const proto = sizeOrTypeOf(layout, id);
  checkLinkage(id, vlenOf(layout, id));
  if (kindOf(layout, proto) !== KIND.funcProto) {
    throw typeRefusal(id, `a function refers to type ${proto}, which is no function prototype`);
  }
}

function checkFuncProto(layout: BtfLayout, id: number, strings: BtfStrings): void {
  const { words, kinds } = layout;
  const { classes } = strings;
  const { identifier } = STRING_CLASS;
  const start = extraStart(layout, id);
  const end = start + vlenOf(layout, id) * PARAM_WORDS;
  checkTarget(layout, id, sizeOrTypeOf(layout, id), 'its result');
  for (let at = start; at < end; at += PARAM_WORDS) {
    const name = words[at] ?? 0;
    const type = words[at + 1] ?? 0;
    // Void and nameless as the last one stands for `...`.
    if (name === 0 && type === 0 && at + PARAM_WORDS === end) return;
    if (name !== 0 && ((classes[name] ?? 0) & identifier) === 0)
      checkName(strings, id, name, identifier, 'a parameter');
    if (type === 0 || REFERABLE[kinds[type] ?? KIND.func] === 0) checkValueType(layout, id, type, 'a parameter');
  }
}

function checkVar(layout: BtfLayout, id: number): void {
  checkLinkage(id, extraWord(layout, id, 0));
  checkValueType(layout, id, sizeOrTypeOf(layout, id), 'it');
}

function checkDatasec(layout: BtfLayout, id: number): void {
  const { words } = layout;
  const size = sizeOrTypeOf(layout, id);
  const start = extraStart(layout, id);
  const end = start + vlenOf(layout, id) * SECTION_VARIABLE_WORDS;
  let previousEnd = 0;
  for (let at = start; at < end; at += SECTION_VARIABLE_WORDS) {
    const type = words[at] ?? 0;
    const kind = kindOf(layout, type);
    if (kind !== KIND.var && kind !== KIND.func) throw typeRefusal(id, `a section contains type ${type}`);
    // clang leaves the size 0 and most offsets too.
    if (size === 0) continue;
    const offset = words[at + 1] ?? 0;
    if (offset < previousEnd) throw typeRefusal(id, `variables of a section overlap at byte ${offset}`);
    previousEnd = offset + (words[at + 2] ?? 0);
    if (previousEnd > size) throw typeRefusal(id, `a variable ends at byte ${previousEnd} of a section of ${size}`);
  }
}

function checkDeclTag(layout: BtfLayout, id: number): void {
  const target = sizeOrTypeOf(layout, id);
  const component = extraWord(layout, id, 0) | 0;
  const components = componentsOf(layout, target);
  if (components === undefined) throw typeRefusal(id, `a tag is on type ${target}`);
  if (component < -1 || component >= components) {
    throw typeRefusal(id, `a tag is on part ${component} of type ${target}, which has ${components}`);
  }
}

/** How many parts of a type can have a tag of their own; undefined for a type that can have no tag. */
function componentsOf(layout: BtfLayout, id: number): number | undefined {
  switch (kindOf(layout, id)) {
    case KIND.struct:
    case KIND.union:
      return vlenOf(layout, id);
    case KIND.func: {
      const proto = sizeOrTypeOf(layout, id);
      return kindOf(layout, proto) === KIND.funcProto ? vlenOf(layout, proto) : undefined;
    }
    case KIND.var:
    case KIND.typedef:
      return 0;
    default:
      return undefined;
  }
}

/** What has a value cannot be void. */
function checkValueType(layout: BtfLayout, id: number, target: number, what: string): void {
  if (target === 0) throw typeRefusal(id, `${what} is void`);
  checkTarget(layout, id, target, what);
}

function checkTarget(layout: BtfLayout, id: number, target: number, what: string): void {
  const kind = layout.kinds[target];
  if (kind === undefined) throw typeRefusal(id, `${what} refers to type ${target}, there are ${layout.count}`);
  if (REFERABLE[kind] === 0) throw typeRefusal(id, `${what} refers to type ${target}, which is no type of values`);
}

function checkSize(layout: BtfLayout, id: number, wanted: readonly number[]): void {
  const size = sizeOrTypeOf(layout, id);
  if (!wanted.includes(size)) throw typeRefusal(id, `its size is ${size}, wanted ${wanted.join(', ')}`);
}

function checkLinkage(id: number, linkage: number): void {
  if (linkage > MAX_LINKAGE) throw typeRefusal(id, `its linkage is ${linkage}, wanted at most ${MAX_LINKAGE}`);
}
