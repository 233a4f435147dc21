import type { ApiTokenBody, CliNewToken } from '@ebpm/schemas';
import { Flags } from '@oclif/core';
import { RegistryCommand } from '../../registry-command.js';

const POWERS = ['read', 'publish', 'yank', 'tag', 'owner', 'account'] as const;

/** `ebpm token create`: makes a token of one's own account. */
export default class TokenCreate extends RegistryCommand {
  static override summary = 'Make a token, which is shown this once';
  static override description = 'Without flags it is good for everything that its account may do, until it is revoked.';
  static override examples = [
    '<%= config.bin %> token create --allow publish --names "@acme/*" --expires-days 90',
    '<%= config.bin %> token create --allow read --from 192.0.2.0/24',
  ];
  static override flags = {
    allow: Flags.string({ description: 'what it is good for; several if wanted', options: POWERS, multiple: true }),
    names: Flags.string({
      description: 'names of packages that it is good for, with * for any characters but /; several if wanted',
      helpValue: 'PATTERN',
      multiple: true,
    }),
    from: Flags.string({
      description: 'addresses and networks that it may be sent from; several if wanted',
      helpValue: 'ADDRESS',
      multiple: true,
    }),
    'expires-days': Flags.integer({ description: 'days that it is good for', helpValue: 'DAYS', min: 1, max: 3650 }),
  };

  async run(): Promise<CliNewToken> {
    const { flags } = await this.parse(TokenCreate);
    const body: ApiTokenBody = {
      ...(flags['expires-days'] !== undefined && { expiresDays: flags['expires-days'] }),
      ...(flags.allow !== undefined && { allow: flags.allow as ApiTokenBody['allow'] & {} }),
      ...(flags.names !== undefined && { names: flags.names as ApiTokenBody['names'] & {} }),
      ...(flags.from !== undefined && { from: flags.from as ApiTokenBody['from'] & {} }),
    };
    const made = await this.ask({ flag: flags.registry, name: undefined }, async (registry) => {
      const { id, token, expires } = await registry.account.createToken(body);
      return { registry: registry.url, id, token, ...(expires !== undefined && { expires }) };
    });
    this.log(made.token);
    return made;
  }
}
