import type { CliRegistryChange } from '@ebpm/schemas';
import { keyIdArg } from '../../id-args.js';
import { RegistryCommand } from '../../registry-command.js';

/** `ebpm keys revoke ID`: revokes a key for good. */
export default class KeysRevoke extends RegistryCommand {
  static override summary = 'Revoke a key for good';
  static override description =
    'For a key that somebody else may have. Nothing that it has signed is installed any more, and what is installed does not run any more. A key that is only to be replaced is rotated.';
  static override examples = ['<%= config.bin %> keys revoke k_21fe31dfa154a261626bf854046fd227'];
  static override args = { id: keyIdArg };

  async run(): Promise<CliRegistryChange> {
    const { args, flags } = await this.parse(KeysRevoke);
    const key = args.id;
    const done = { change: 'key-revoked', key, sentence: `${key} is revoked` } as const;
    return this.change({ flag: flags.registry, name: undefined }, done, ({ account }) => account.revokeKey(key));
  }
}
