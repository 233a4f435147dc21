import { generateKey, keyPath } from '@ebpm/client';
import { printable } from '@ebpm/events';
import type { CliKey } from '@ebpm/schemas';
import { BaseCommand } from '../../base-command.js';
import { keyArg } from '../../key-flags.js';

/** `ebpm keys generate [NAME]`: makes a key that packages are signed with. */
export default class KeysGenerate extends BaseCommand {
  static override summary = 'Make a key that packages are signed with';
  static override description =
    'Ed25519, in a file below EBPM_HOME/keys that nobody else may read. Keep a copy of it in a safe place: without it, who has your packages installed must be told to trust another key.';
  static override examples = ['<%= config.bin %> keys generate', '<%= config.bin %> keys generate ./ci.pem'];
  static override args = { key: keyArg };

  async run(): Promise<CliKey> {
    const { args } = await this.parse(KeysGenerate);
    const file = keyPath(this.context.home, args.key);
    const { id, publicKey } = await generateKey(file);
    this.log(printable(`Made ${id} in ${file}`));
    this.log('Register it: ebpm keys add');
    return { id, publicKey, file };
  }
}
