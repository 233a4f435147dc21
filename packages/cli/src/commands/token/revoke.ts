import type { CliRegistryChange } from '@ebpm/schemas';
import { tokenIdArg } from '../../id-args.js';
import { RegistryCommand } from '../../registry-command.js';

/** `ebpm token revoke ID`: ends a token for good. */
export default class TokenRevoke extends RegistryCommand {
  static override summary = 'End a token for good';
  static override description = 'Takes the id that "token ls" and "whoami --json" show, not the token itself.';
  static override examples = ['<%= config.bin %> token revoke t_4208d23d427486fd'];
  static override args = { id: tokenIdArg };

  async run(): Promise<CliRegistryChange> {
    const { args, flags } = await this.parse(TokenRevoke);
    const token = args.id;
    const done = { change: 'token-revoked', token, sentence: `${token} is revoked` } as const;
    return this.change({ flag: flags.registry, name: undefined }, done, ({ account }) => account.revokeToken(token));
  }
}
