import type { CliCompletion } from '@ebpm/schemas';
import { Args } from '@oclif/core';
import { BaseCommand } from '../base-command.js';
import { commandConfig } from '../command-config.js';
import { loadCommands } from '../command-table.js';
import { bashCompletion } from '../completion/bash-completion.js';
import { completedCommands } from '../completion/completed-commands.js';
import { fishCompletion } from '../completion/fish-completion.js';
import { zshCompletion } from '../completion/zsh-completion.js';

const SHELLS = { bash: bashCompletion, zsh: zshCompletion, fish: fishCompletion };

/** `ebpm completion SHELL`: what has a shell complete ebpm's commands, flags and installed packages. */
export default class Completion extends BaseCommand {
  static override summary = 'Print what has a shell complete command lines';
  static override description =
    'What is printed starts nothing: names of packages are those of folders in EBPM_HOME. Print it again after an update of ebpm.';
  static override examples = [
    'source <(<%= config.bin %> completion bash)',
    '<%= config.bin %> completion zsh > ~/.zfunc/_ebpm',
    '<%= config.bin %> completion fish > ~/.config/fish/completions/ebpm.fish',
  ];
  static override args = {
    shell: Args.string({ description: 'the shell', options: Object.keys(SHELLS), required: true }),
  };

  async run(): Promise<CliCompletion> {
    const { args } = await this.parse(Completion);
    const shell = args.shell as keyof typeof SHELLS;
    const script = SHELLS[shell](completedCommands(await commandConfig(await loadCommands())));
    if (!this.jsonEnabled()) this.context.stdout.write(script);
    return { shell, script };
  }
}
