import { type CompletedCommand, firstWords, INSTALLED_FOLDER, quoted } from './completed-commands.js';

/** A script for bash 4 and later. Words with an `@` are taken whole where bash-completion is there, which knows how. */
export function bashCompletion(commands: readonly CompletedCommand[]): string {
  const topics = commands.filter(({ takes, flags }) => takes === 'values' && flags.length === 0);
  const firsts = firstWords(commands).map(({ words }) => words);
  return `# bash completion of ebpm: source <(ebpm completion bash)
_ebpm() {
  local cur=\${COMP_WORDS[COMP_CWORD]} prev=\${COMP_WORDS[COMP_CWORD-1]} words=("\${COMP_WORDS[@]}") cword=$COMP_CWORD
  if declare -F _get_comp_words_by_ref >/dev/null; then _get_comp_words_by_ref -n '@:=' cur prev words cword; fi
  # \`--flag=value\`, whole or cut at the "=": bash replaces what stands behind it alone.
  if [[ $cur == --*=* ]]; then prev=\${cur%%=*} cur=\${cur#*=}
  elif [[ $cur == '=' ]]; then cur=''
  elif [[ $prev == '=' ]]; then prev=\${words[cword-2]}
  fi
  local command=\${words[1]-} flags='' takes='' values='' first=2
  COMPREPLY=()
  if ((cword == 1)); then
    COMPREPLY=($(compgen -W ${quoted(firsts.join(' '))} -- "$cur"))
    return
  fi
  case $command in
    ${topics.map(({ words }) => words).join('|')})
      if ((cword > 2)); then command="$command \${words[2]}" first=3; fi ;;
  esac
  case "$command $prev" in
${commands.flatMap(valueCases).join('\n')}
  esac
  case $command in
${commands.map(commandCase).join('\n')}
    *) return ;;
  esac
  local i
  if [[ $command == run ]]; then
    # What follows the package is the program's.
    for ((i = first; i < cword; i++)); do
      [[ \${words[i]} == -* || \${words[i-1]} == --* && \${words[i-1]} != *=* ]] || { COMPREPLY=($(compgen -f -- "$cur")); return; }
    done
  fi
  if [[ $cur == -* ]]; then
    COMPREPLY=($(compgen -W "$flags" -- "$cur"))
    return
  fi
  case $takes in
    packages) COMPREPLY=($(compgen -W "$(_ebpm_installed)" -- "$cur") $(compgen -f -- "$cur")) ;;
    files) COMPREPLY=($(compgen -f -- "$cur")) ;;
    values)
      # bash may have cut \`mfa=none\` at the "=": what stands behind it alone is replaced.
      local typed="\${words[*]:first:cword-first+1}"
      typed=\${typed// /}
      if ((cword == first)) || [[ \${words[first+1]} == '=' ]] && ((cword <= first + 2)); then
        COMPREPLY=($(compgen -W "$values" -- "$typed"))
        if [[ $typed == *=* ]]; then COMPREPLY=("\${COMPREPLY[@]#*=}"); fi
      fi ;;
  esac
}
_ebpm_installed() {
  local name folder="${INSTALLED_FOLDER}"
  for name in "$folder"/*@*.tar "$folder"/@*/*@*.tar; do
    [[ -e $name ]] || continue
    name=\${name#"$folder"/}
    printf '%s\\n' "\${name%@*}"
  done
}
complete -F _ebpm ebpm
`;
}

function commandCase({ words, flags, takes, values }: CompletedCommand): string {
  const names = flags.flatMap((flag) => flag.names).join(' ');
  return `    ${quoted(words)}) flags=${quoted(names)} takes=${takes} values=${quoted(values.join(' '))} ;;`;
}

/** After a flag with a value: what that may be, else a file. */
function valueCases({ words, flags }: CompletedCommand): readonly string[] {
  return flags
    .filter(({ values }) => values !== undefined)
    .map(({ names, values = [], isList }) => {
      const patterns = names.map((name) => quoted(`${words} ${name}`)).join('|');
      return `    ${patterns}) COMPREPLY=($(${replyOf(values, isList)})); return ;;`;
    });
}

function replyOf(values: readonly string[], isList: boolean): string {
  if (values.length === 0) return 'compgen -f -- "$cur"';
  const words = quoted(values.join(' '));
  if (!isList) return `compgen -W ${words} -- "$cur"`;
  // What stands before the last comma is there already, and stays.
  return `compgen -P "\${cur%"\${cur##*,}"}" -W ${words} -- "\${cur##*,}"`;
}
