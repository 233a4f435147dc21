import {
  type CompletedCommand,
  type CompletedFlag,
  firstWords,
  INSTALLED_FOLDER,
  quoted,
} from './completed-commands.js';

/** A script for zsh: the file `_ebpm` in a folder of `fpath`. */
export function zshCompletion(commands: readonly CompletedCommand[]): string {
  const topics = commands.filter(({ takes, flags }) => takes === 'values' && flags.length === 0);
  const inTopics = commands.filter(({ words }) => words.includes(' '));
  const alone = firstWords(commands).filter((command) => !topics.includes(command));
  return `#compdef ebpm
# zsh completion of ebpm: ebpm completion zsh > ~/.zfunc/_ebpm
_ebpm_installed() {
  local folder="${INSTALLED_FOLDER}"
  local -a names=("$folder"/*@*.tar(N) "$folder"/@*/*@*.tar(N))
  names=("\${names[@]#"$folder"/}")
  names=("\${names[@]%@*}")
  compadd -- "\${(u)names[@]}"
}
_ebpm_packages() { _ebpm_installed; _files }
_ebpm() {
  local -a commands=(
${firstWords(commands).map(described).join('\n')}
  )
  if ((CURRENT == 2)); then
    _describe command commands
    return
  fi
  local command=$words[2]
  shift words
  ((CURRENT--))
  case $command in
${topics.map((topic) => topicCase(topic, inTopics)).join('\n')}
${alone.map((command) => `    ${command.words})\n${argumentsOf(command, '      ')} ;;`).join('\n')}
  esac
}
if [[ $funcstack[1] == _ebpm ]]; then _ebpm "$@"; else compdef _ebpm ebpm; fi
`;
}

function topicCase({ words: topic }: CompletedCommand, inTopics: readonly CompletedCommand[]): string {
  const own = inTopics
    .filter(({ words }) => words.startsWith(`${topic} `))
    .map((command) => ({ ...command, words: command.words.slice(topic.length + 1) }));
  return `    ${topic})
      local -a within=(
${own.map(described).join('\n')}
      )
      if ((CURRENT == 2)); then
        _describe command within
        return
      fi
      local second=$words[2]
      shift words
      ((CURRENT--))
      case $second in
${own.map((command) => `        ${command.words})\n${argumentsOf(command, '          ')} ;;`).join('\n')}
      esac ;;`;
}

/** \`word:description\`, as _describe takes it. */
function described({ words, description }: CompletedCommand): string {
  return `    ${quoted(`${words}:${description}`)}`;
}

function argumentsOf({ words, flags, takes, values }: CompletedCommand, indent: string): string {
  const rest = {
    // What follows the package is the program's.
    packages: words === 'run' ? ["'1:package:_ebpm_packages'", "'*::argument:_files'"] : ["'*:package:_ebpm_packages'"],
    files: ["'*:file:_files'"],
    values: [quoted(`1:value:(${values.join(' ')})`)],
    nothing: [],
  }[takes];
  const options = [...flags.flatMap(flagArguments), ...rest];
  return `${indent}_arguments -S ${options.join(` \\\n${indent}  `)}`;
}

function flagArguments({ names, description, values }: CompletedFlag): readonly string[] {
  const said = description.replace(/[[\]:]/g, (letter) => `\\${letter}`);
  const value = values === undefined ? '' : values.length === 0 ? ':value:_files' : `:value:(${values.join(' ')})`;
  // With a "=" the value may stand behind one, too.
  const joint = (name: string) => (value !== '' && name.startsWith('--') ? '=' : '');
  return names.map((name) => quoted(`*${name}${joint(name)}[${said}]${value}`));
}
