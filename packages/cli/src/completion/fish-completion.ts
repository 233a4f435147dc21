import { type CompletedCommand, type CompletedFlag, firstWords, INSTALLED_FOLDER } from './completed-commands.js';

/** A script for fish: completions/ebpm.fish. */
export function fishCompletion(commands: readonly CompletedCommand[]): string {
  const firsts = firstWords(commands);
  return `# fish completion of ebpm: ebpm completion fish > ~/.config/fish/completions/ebpm.fish
function __ebpm_installed
  set -l folder (sh -c 'printf %s "${INSTALLED_FOLDER}"')
  for path in $folder/*@*.tar $folder/@*/*@*.tar
    string replace -- $folder/ '' $path | string replace -r -- '@[^@]*$' ''
  end
end
complete -c ebpm -f
${firsts.map(({ words, description }) => line({ when: '__fish_use_subcommand', values: [words], description })).join('\n')}
${commands
  .filter(({ words }) => words.includes(' '))
  .map(inTopic)
  .join('\n')}
${commands.flatMap(ofCommand).join('\n')}
`;
}

/** A command as the second word, where none was typed yet. */
function inTopic({ words, description }: CompletedCommand): string {
  const [topic = '', second = ''] = words.split(' ');
  const when = `__fish_seen_subcommand_from ${topic}; and not test (count (commandline -opc)) -gt 2`;
  return line({ when, values: [second], description });
}

function ofCommand({ words, flags, takes, values }: CompletedCommand): readonly string[] {
  const [first = '', second] = words.split(' ');
  const seen = `__fish_seen_subcommand_from ${first}`;
  const when = second === undefined ? seen : `${seen}; and __fish_seen_subcommand_from ${second}`;
  const own = flags.map((flag) => flagLine(flag, when));
  switch (takes) {
    case 'packages':
      return [...own, `complete -c ebpm -n ${quoted(when)} -F -a '(__ebpm_installed)'`];
    case 'files':
      return [...own, `complete -c ebpm -n ${quoted(when)} -F`];
    case 'values':
      return flags.length === 0
        ? []
        : [...own, line({ when: `${when}; and not __fish_seen_subcommand_from ${values.join(' ')}`, values })];
    default:
      return own;
  }
}

function line({
  when,
  values,
  description,
}: {
  readonly when: string;
  readonly values: readonly string[];
  readonly description?: string;
}): string {
  const said = description === undefined ? '' : ` -d ${quoted(description)}`;
  return `complete -c ebpm -n ${quoted(when)} -a ${quoted(values.join(' '))}${said}`;
}

function flagLine({ names, description, values }: CompletedFlag, when: string): string {
  const named = names.map((name) => (name.startsWith('--') ? `-l ${name.slice(2)}` : `-s ${name.slice(1)}`)).join(' ');
  const value = values === undefined ? '' : values.length === 0 ? ' -r -F' : ` -x -a ${quoted(values.join(' '))}`;
  return `complete -c ebpm -n ${quoted(when)} ${named}${value} -d ${quoted(description)}`;
}

/** In single quotes fish knows \\\\ and \\' alone. */
function quoted(text: string): string {
  return `'${text.replace(/[\\']/g, '\\$&')}'`;
}
