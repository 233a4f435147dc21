/**
 * What a format of `bpf_printk` can have printed. A pattern is a list of parts: a letter that must be there, or a run of letters of a
 * kind. It is followed in all ways at once, letter by letter, so that no format and no message can make it slow: the time is at most the
 * length of the message times that of the format.
 *
 * @see https://github.com/torvalds/linux/blob/v6.12/kernel/bpf/helpers.c bpf_bprintf_prepare() for the verbs that there are
 */
export class FormatPattern {
  readonly #parts: readonly Part[];

  constructor(format: string) {
    this.#parts = partsOf(format.replace(/\n$/, ''));
  }

  /** @param message without the newline at its end */
  matches(message: string): boolean {
    const parts = this.#parts;
    // Positions in the parts that are reached; a run may end anywhere, so what follows it is reached with it.
    let reached = reach(parts, [0]);
    for (const letter of message) {
      const next: number[] = [];
      for (const position of reached) {
        const part = parts[position];
        if (part === undefined || !part.takes(letter)) continue;
        if (part.repeats) next.push(position);
        next.push(position + 1);
      }
      if (next.length === 0) return false;
      reached = reach(parts, next);
    }
    return reached.has(parts.length);
  }
}

interface Part {
  takes(letter: string): boolean;
  readonly repeats: boolean;
  /** Whether there may be nothing at all. */
  readonly optional: boolean;
}

function reach(parts: readonly Part[], positions: readonly number[]): ReadonlySet<number> {
  const reached = new Set<number>();
  for (let position of positions) {
    for (; !reached.has(position); position += 1) {
      reached.add(position);
      if (parts[position]?.optional !== true) break;
    }
  }
  return reached;
}

/** `%` with flags and width, size, and verb; pointers have a letter or two more for what is printed of them. */
const VERB = /%(?:%|[ 0+-]*\d*(?:p(?:[iI][46]|[uk]s|[KxSsB])?|(?:ll|l)?[diuxX]|[cs]))/g;

function partsOf(format: string): readonly Part[] {
  const parts: Part[] = [];
  let at = 0;
  for (const { 0: verb, index } of format.matchAll(VERB)) {
    parts.push(...literal(format.slice(at, index)), ...verbParts(verb));
    at = index + verb.length;
  }
  parts.push(...literal(format.slice(at)));
  // Two runs of anything are one.
  return parts.filter((part, index) => part !== ANYTHING || parts[index - 1] !== ANYTHING);
}

function literal(text: string): readonly Part[] {
  return Array.from(text, (wanted) => ({ takes: (letter) => letter === wanted, repeats: false, optional: false }));
}

function verbParts(verb: string): readonly Part[] {
  if (verb === '%%') return literal('%');
  if (verb.endsWith('c')) return [PAD, { takes: () => true, repeats: false, optional: true }];
  if (/p|s$/.test(verb)) return [ANYTHING];
  return [/[xX]$/.test(verb) ? HEX : DECIMAL];
}

const ANYTHING: Part = { takes: () => true, repeats: true, optional: true };
const PAD: Part = { takes: (letter) => letter === ' ', repeats: true, optional: true };
const DECIMAL: Part = { takes: (letter) => /[-+ \d]/.test(letter), repeats: true, optional: false };
const HEX: Part = { takes: (letter) => /[ \da-fA-F]/.test(letter), repeats: true, optional: false };
