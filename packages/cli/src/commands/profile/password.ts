import { EbpmError } from '@ebpm/formats';
import type { CliRegistryChange } from '@ebpm/schemas';
import { readSecrets } from '../../read-secrets.js';
import { RegistryCommand } from '../../registry-command.js';

/** `ebpm profile password`: sets the password of the account. */
export default class ProfilePassword extends RegistryCommand {
  static override summary = 'Set the password of your account';
  static override description =
    'Asks for the password until now, empty where there is none, and twice for the new one. From a pipe it reads two lines: the password until now, which is empty where there is none, and the new one.';
  static override examples = [
    '<%= config.bin %> profile password',
    '(echo "$OLD"; echo "$NEW") | <%= config.bin %> profile password',
  ];

  async run(): Promise<CliRegistryChange> {
    const { flags } = await this.parse(ProfilePassword);
    const { stdin } = process;
    const again = stdin.isTTY ? ['New password again: '] : [];
    const questions = ['Password until now (empty: none): ', 'New password: ', ...again];
    const [current = '', password = '', repeated = password] = await readSecrets(stdin, this.context.stderr, questions);
    if (password === '') throw noPassword();
    if (repeated !== password)
      throw new EbpmError('EBPM_USAGE_INVALID', 'Cannot set the password: the second time it was another one');
    const wish = { flag: flags.registry, name: undefined };
    return this.change(wish, { change: 'password-set', sentence: 'The password is set' }, ({ account }) =>
      account.setPassword(password, current === '' ? undefined : current),
    );
  }
}

function noPassword(): EbpmError {
  return new EbpmError('EBPM_USAGE_INVALID', 'Cannot set the password: there is no new one', {
    hint: [
      'From a pipe two lines are wanted: the password until now, which is empty where there is none, and the new one',
      'Type: (echo "$OLD"; echo "$NEW") | ebpm profile password',
    ].join('\n'),
  });
}
