import { KERNEL_VERSIONS } from '@ebpm/lab';
import { CONSENT_CLASSES } from '@ebpm/object';
import type { Config } from '@oclif/core';

/** A flag as shells complete it. */
export interface CompletedFlag {
  /** With its dashes. */
  readonly names: readonly string[];
  readonly description: string;
  /** What its value may be; empty where that is open, undefined where it takes none. */
  readonly values: readonly string[] | undefined;
  /** Whether it takes several of them with commas. */
  readonly isList: boolean;
}

/** A command, or the first word of several. */
export interface CompletedCommand {
  /** As it is typed, such as `tag add`. */
  readonly words: string;
  readonly description: string;
  readonly flags: readonly CompletedFlag[];
  /** What its arguments are. */
  readonly takes: 'packages' | 'files' | 'values' | 'nothing';
  /** What the first argument may be, where it takes values. */
  readonly values: readonly string[];
}

/** Commands whose arguments are packages, or files of them. */
const OF_PACKAGES = ['run', 'check', 'inspect', 'diff', 'uninstall', 'update', 'why'];
const OF_FILES = ['build', 'publish', 'replay', 'bundle:load', 'gen:wasm-skel'];

/** What may stand behind flags that take more than these, such as several with commas. */
const SUGGESTED: Readonly<Record<string, readonly string[]>> = { allow: CONSENT_CLASSES, kernel: KERNEL_VERSIONS };

/** Of these, those that do take several with commas. */
const LISTS = ['allow'];

/** Every command that a user is to know of, and every topic, by their words. */
export function completedCommands({ commands, topics }: Config): readonly CompletedCommand[] {
  const shown = commands
    .filter(({ hidden }) => hidden !== true)
    .map(({ id, summary = '', flags, args }): CompletedCommand => {
      const values = Object.values(args)[0]?.options ?? [];
      return {
        words: id.replace(':', ' '),
        description: summary,
        flags: Object.values(flags).map(completedFlag),
        takes: OF_PACKAGES.includes(id)
          ? 'packages'
          : OF_FILES.includes(id)
            ? 'files'
            : values.length > 0
              ? 'values'
              : 'nothing',
        values,
      };
    });
  // oclif makes a topic of every command as well.
  const firsts = topics
    .map(({ name, description = '' }): CompletedCommand => {
      const within = shown.filter(({ words }) => words.startsWith(`${name} `));
      const values = within.map(({ words }) => words.slice(name.length + 1));
      return { words: name, description, flags: [], takes: 'values', values };
    })
    .filter(({ values }) => values.length > 0);
  return [...shown, ...firsts].sort((a, b) => (a.words < b.words ? -1 : 1));
}

/** The words that may come first. */
export function firstWords(commands: readonly CompletedCommand[]): readonly CompletedCommand[] {
  return commands.filter(({ words }) => !words.includes(' '));
}

function completedFlag(flag: Config['commands'][number]['flags'][string]): CompletedFlag {
  const { name, char, summary, description = '', type } = flag;
  return {
    names: [...(char === undefined ? [] : [`-${char}`]), `--${name}`],
    description: summary ?? description,
    values: type === 'option' ? (flag.options ?? SUGGESTED[name] ?? []) : undefined,
    isList: type === 'option' && flag.options === undefined && LISTS.includes(name),
  };
}

/** Where the names of installed packages are, in the words of a POSIX shell. */
// biome-ignore lint/suspicious/noTemplateCurlyInString: the shell fills it in
export const INSTALLED_FOLDER = '${EBPM_HOME:-${XDG_DATA_HOME:-$HOME/.local/share}/ebpm}/installed';

/** A text within single quotes of a POSIX shell. */
export function quoted(text: string): string {
  return `'${text.replaceAll("'", "'\\''")}'`;
}
