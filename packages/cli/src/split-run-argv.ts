/** What `splitRunArgv` needs to know of a flag; oclif's flags fit. */
export interface FlagShape {
  readonly type: 'boolean' | 'option';
  readonly char?: string | undefined;
}

/** A command line of `ebpm run`, cut at the package. */
export interface RunArgv {
  /** Flags of `ebpm run` itself. */
  readonly own: readonly string[];
  /** The package; undefined when there is none. */
  readonly spec: string | undefined;
  /** What goes to the program. */
  readonly rest: readonly string[];
}

/**
 * Cuts `[flags] SPEC [args...]` at SPEC: the first word that is no flag and no flag's value. Everything after it is
 * the program's, `--help` and `--json` too; one `--` right after SPEC is taken away, as npm and cargo do.
 */
export function splitRunArgv(argv: readonly string[], flags: Readonly<Record<string, FlagShape>>): RunArgv {
  let at = 0;
  for (; at < argv.length; at++) {
    const word = argv[at] ?? '';
    if (word === '--') return cut(argv.slice(0, at), argv.slice(at + 1));
    if (!word.startsWith('-') || word === '-') break;
    if (takesNextWord(word, flags)) at += 1;
  }
  return cut(argv.slice(0, at), argv.slice(at));
}

function cut(own: readonly string[], words: readonly string[]): RunArgv {
  const [spec, ...rest] = words;
  return { own, spec, rest: rest[0] === '--' ? rest.slice(1) : rest };
}

function takesNextWord(word: string, flags: Readonly<Record<string, FlagShape>>): boolean {
  if (word.includes('=')) return false;
  if (word.startsWith('--')) return flags[word.slice(2)]?.type === 'option';
  // `-d5s` carries its value, and in `-jd 5s` the last letter has it.
  const letters = [...word.slice(1)];
  const first = letters.findIndex((letter) => flagOf(letter, flags)?.type === 'option');
  return first !== -1 && first === letters.length - 1;
}

function flagOf(letter: string, flags: Readonly<Record<string, FlagShape>>): FlagShape | undefined {
  return Object.values(flags).find(({ char }) => char === letter);
}
