import { LogPins, registryUrl } from '@ebpm/client';
import { printable } from '@ebpm/events';
import type { CliTrustForget } from '@ebpm/schemas';
import { Args } from '@oclif/core';
import { BaseCommand } from '../../base-command.js';

/** `ebpm trust forget URL`: forgets the key and the log of a registry. */
export default class TrustForget extends BaseCommand {
  static override summary = 'Forget the key and the log of a registry';
  static override description =
    'The next use is then as the first one. Do it only when whoever runs the registry has told you that its key was changed or its log set back.';
  static override examples = ['<%= config.bin %> trust forget https://hub.example.org'];
  static override args = { url: Args.string({ description: 'address of the registry', required: true }) };

  async run(): Promise<CliTrustForget> {
    const { args } = await this.parse(TrustForget);
    const registry = registryUrl(args.url);
    const forgotten = await new LogPins(this.context.home).forget(registry);
    this.log(
      printable(forgotten ? `${registry} is trusted anew when it is used next` : `Nothing was known of ${registry}`),
    );
    return { registry, forgotten };
  }
}
