import {
  type BtfLayout,
  extraWord,
  KIND,
  kindFlagOf,
  kindOf,
  nameOffsetOf,
  PARAM_WORDS,
  sizeOrTypeOf,
  vlenOf,
} from './btf-layout.js';
import { type StringSection, stringAt } from './btf-strings.js';
import { BTF_MAX_DEPTH, TYPE_TEXT_MAX_CHARS } from './limits.js';
import { typeRefusal } from './refusal.js';

/** How a type is written. */
export interface TypeTextOptions {
  /** Whether const, volatile and restrict are written; true by default. */
  readonly qualifiers?: boolean;
}

/**
 * The C text of a type, as bpftool's C dump writes it: `const char *`, `int (*)(void *, ...)`, `struct event *[4]`. Anonymous
 * structs, unions and enums become `struct {...}`; type tags are left out. Functions, variables, sections and tags are no
 * types: theirs is their name.
 */
export class TypeText {
  readonly #layout: BtfLayout;
  readonly #strings: StringSection;
  readonly #qualifiers: boolean;
  #chars = 0;

  constructor(layout: BtfLayout, strings: StringSection, { qualifiers = true }: TypeTextOptions = {}) {
    this.#layout = layout;
    this.#strings = strings;
    this.#qualifiers = qualifiers;
  }

  /**
   * Works from the outermost derivation in, as C declarators do: pointers go before, arrays and functions after.
   * @param level how many derivations it lies in
   * @throws EBPM_BTF_INVALID when the text would be longer than `TYPE_TEXT_MAX_CHARS`, or the type does not end
   */
  of(typeId: number, level = 0): string {
    const layout = this.#layout;
    let declarator = '';
    let qualifiers = '';
    let depth = level;
    for (let id = typeId; ; depth++) {
      if (depth > BTF_MAX_DEPTH) throw typeRefusal(typeId, `its declaration goes more than ${BTF_MAX_DEPTH} deep`);
      const kind = kindOf(layout, id);
      const target = id === 0 ? 0 : sizeOrTypeOf(layout, id);
      switch (kind) {
        case KIND.const:
        case KIND.volatile:
        case KIND.restrict:
          if (this.#qualifiers) qualifiers = spaced(qualifiers, QUALIFIERS[kind]);
          id = target;
          break;
        case KIND.typeTag:
          id = target;
          break;
        case KIND.ptr:
          declarator = `*${spaced(qualifiers, declarator)}`;
          qualifiers = '';
          id = target;
          break;
        case KIND.array:
          declarator = `${grouped(declarator)}[${extraWord(layout, id, 2)}]`;
          id = extraWord(layout, id, 0);
          break;
        case KIND.funcProto:
          declarator = `${grouped(declarator)}(${this.#params(id, depth)})`;
          qualifiers = '';
          id = target;
          break;
        default:
          return this.#counted(id, joined(spaced(qualifiers, this.#specifier(id)), declarator));
      }
    }
  }

  #params(id: number, level: number): string {
    const count = vlenOf(this.#layout, id);
    if (count === 0) return 'void';
    const texts = Array.from({ length: count }, (_, index) => {
      const typeId = extraWord(this.#layout, id, index * PARAM_WORDS + 1);
      return typeId === 0 && index === count - 1 ? '...' : this.of(typeId, level + 1);
    });
    return texts.join(', ');
  }

  #specifier(id: number): string {
    const name = stringAt(this.#strings, nameOffsetOf(this.#layout, id));
    switch (kindOf(this.#layout, id)) {
      case KIND.void:
        return 'void';
      case KIND.struct:
        return `struct ${name || '{...}'}`;
      case KIND.union:
        return `union ${name || '{...}'}`;
      case KIND.enum:
      case KIND.enum64:
        return `enum ${name || '{...}'}`;
      case KIND.fwd:
        return `${kindFlagOf(this.#layout, id) ? 'union' : 'struct'} ${name}`;
      default:
        return name;
    }
  }

  /** Parameters that types share can make a short blob stand for a text without end. */
  #counted(id: number, text: string): string {
    this.#chars += text.length;
    if (this.#chars > TYPE_TEXT_MAX_CHARS) {
      throw typeRefusal(id, `a C text with it is longer than ${TYPE_TEXT_MAX_CHARS} characters`);
    }
    return text;
  }
}

const QUALIFIERS = { [KIND.const]: 'const', [KIND.volatile]: 'volatile', [KIND.restrict]: 'restrict' } as const;

function spaced(left: string, right: string): string {
  return left === '' || right === '' ? left + right : `${left} ${right}`;
}

/** Only an array or function that is not behind a pointer touches the name of its type: `char[16]`. */
function joined(left: string, declarator: string): string {
  return declarator.startsWith('[') ? left + declarator : spaced(left, declarator);
}

function grouped(declarator: string): string {
  return declarator.startsWith('*') ? `(${declarator})` : declarator;
}
