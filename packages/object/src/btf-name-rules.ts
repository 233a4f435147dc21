import { type BtfStrings, STRING_CLASS, stringAt } from './btf-strings.js';
import { typeRefusal } from './refusal.js';

/** A rule for a name is made of bits of STRING_CLASS and these: it may be missing; it is any UTF-8 text. */
export const OPTIONAL = 4;
const TEXT = 8;

const NO_NAME = OPTIONAL;
const IDENTIFIER = STRING_CLASS.identifier;
const PRINTABLE = STRING_CLASS.printable;

/**
 * What the name of a type must be, by kind number. The rules are the kernel's, but for int and float, whose names it does not
 * look at.
 */
export const NAME_RULES: readonly number[] = [
  /* void     */ NO_NAME,
  /* int      */ OPTIONAL | PRINTABLE,
  /* ptr      */ NO_NAME,
  /* array    */ NO_NAME,
  /* struct   */ OPTIONAL | IDENTIFIER,
  /* union    */ OPTIONAL | IDENTIFIER,
  /* enum     */ OPTIONAL | IDENTIFIER,
  /* fwd      */ IDENTIFIER,
  /* typedef  */ IDENTIFIER,
  /* volatile */ NO_NAME,
  /* const    */ NO_NAME,
  /* restrict */ NO_NAME,
  /* func     */ IDENTIFIER,
  /* proto    */ NO_NAME,
  /* var      */ IDENTIFIER,
  /* datasec  */ PRINTABLE,
  /* float    */ OPTIONAL | PRINTABLE,
  /* decl_tag */ PRINTABLE | TEXT,
  /* type_tag */ PRINTABLE | TEXT,
  /* enum64   */ OPTIONAL | IDENTIFIER,
];

/** Checks a name that the classes of its string alone do not let pass. @throws EBPM_BTF_INVALID */
export function checkName(strings: BtfStrings, id: number, offset: number, rule: number, what: string): void {
  if ((rule & TEXT) !== 0 && stringAt(strings, offset) !== '') return;
  if (offset === 0) throw typeRefusal(id, `${what} has no name`);
  throw typeRefusal(id, `${what} has the name at ${offset}, wanted ${ruleText(rule)}`);
}

function ruleText(rule: number): string {
  if ((rule & TEXT) !== 0) return 'some text';
  if ((rule & IDENTIFIER) !== 0) return 'an identifier';
  return (rule & PRINTABLE) !== 0 ? 'printable ASCII' : 'none';
}
