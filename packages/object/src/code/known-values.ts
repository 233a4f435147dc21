/**
 * What is known of a register: where it points to, or which numbers it can hold. Where paths meet only what holds on all of them
 * stays, so that what is known is so on every path. Each value that comes up has a number; 0 is the one of which nothing is known.
 */
export type KnownValue =
  | { readonly kind: 'nothing' }
  /** One of these numbers, which are sorted. */
  | { readonly kind: 'numbers'; readonly numbers: readonly number[] }
  | { readonly kind: 'map'; readonly name: string }
  /** Somewhere in the program's own memory: its stack, the value of a map, a record, a data section; or NULL. */
  | { readonly kind: 'own' }
  /** A place in a data section. */
  | { readonly kind: 'data'; readonly section: number; readonly offsetBytes: number }
  | { readonly kind: 'context' }
  /** What a constant global says; `form` tells apart what was computed from it. */
  | { readonly kind: 'setting'; readonly name: string; readonly form: string }
  /** The offset of a field that libbpf puts in, and a pointer that it was added to. */
  | { readonly kind: 'field' }
  | { readonly kind: 'fieldPointer' }
  /** What a function of the object returned. */
  | { readonly kind: 'returned'; readonly functions: readonly number[] };

/** Numbers, or functions, that one register may stand for: a verdict is one of a few. */
const MAX_ALTERNATIVES = 8;

/** Characters of the form of a setting: what is computed in more steps is not followed. */
const MAX_FORM_CHARS = 64;

/** The number of the value of which nothing is known. */
export const NOTHING = 0;

/** Gives values numbers, and joins them. */
export class KnownValues {
  readonly #values: KnownValue[] = [{ kind: 'nothing' }];
  readonly #numbers = new Map<string, number>();
  /** The values that are one number, which most are, by it. */
  readonly #single = new Map<number, number>();
  readonly own = this.of({ kind: 'own' });
  readonly context = this.of({ kind: 'context' });
  readonly field = this.of({ kind: 'field' });
  readonly fieldPointer = this.of({ kind: 'fieldPointer' });

  of(value: KnownValue): number {
    if (value.kind === 'nothing') return NOTHING;
    const key = keyOf(value);
    const known = this.#numbers.get(key);
    if (known !== undefined) return known;
    this.#numbers.set(key, this.#values.length);
    return this.#values.push(value) - 1;
  }

  at(number: number): KnownValue {
    return this.#values[number] ?? { kind: 'nothing' };
  }

  number(value: number): number {
    const known = this.#single.get(value);
    if (known !== undefined) return known;
    const made = this.of({ kind: 'numbers', numbers: [value] });
    this.#single.set(value, made);
    return made;
  }

  /** The only number that a register can hold. */
  onlyNumber(number: number): number | undefined {
    const value = this.at(number);
    return value.kind === 'numbers' && value.numbers.length === 1 ? value.numbers[0] : undefined;
  }

  /** A setting that something was computed from with an instruction that has no other variable operand. */
  computed(number: number, step: string): number {
    const value = this.at(number);
    if (value.kind !== 'setting') return NOTHING;
    const form = `${value.form} ${step}`;
    return form.length > MAX_FORM_CHARS ? NOTHING : this.of({ ...value, form });
  }

  /** What is known where two paths meet. */
  meet(left: number, right: number): number {
    if (left === right) return left;
    const [a, b] = [this.at(left), this.at(right)];
    if (a.kind === 'numbers' && b.kind === 'numbers') {
      const numbers = union(a.numbers, b.numbers);
      return numbers.length > MAX_ALTERNATIVES ? NOTHING : this.of({ kind: 'numbers', numbers });
    }
    if (a.kind === 'returned' && b.kind === 'returned') {
      const functions = union(a.functions, b.functions);
      return functions.length > MAX_ALTERNATIVES ? NOTHING : this.of({ kind: 'returned', functions });
    }
    return (isOwn(a) || isNull(a)) && (isOwn(b) || isNull(b)) ? this.own : NOTHING;
  }
}

function isOwn({ kind }: KnownValue): boolean {
  return kind === 'own' || kind === 'data';
}

function isNull(value: KnownValue): boolean {
  return value.kind === 'numbers' && value.numbers.length === 1 && value.numbers[0] === 0;
}

function union(left: readonly number[], right: readonly number[]): readonly number[] {
  return [...new Set([...left, ...right])].sort((a, b) => a - b);
}

function keyOf(value: KnownValue): string {
  switch (value.kind) {
    case 'numbers':
      return `n${value.numbers.join()}`;
    case 'returned':
      return `r${value.functions.join()}`;
    case 'map':
      return `m${value.name}`;
    case 'data':
      return `d${value.section}:${value.offsetBytes}`;
    case 'setting':
      return `s${value.form}\0${value.name}`;
    default:
      return value.kind;
  }
}
