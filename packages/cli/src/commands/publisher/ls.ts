import { parsePackageName } from '@ebpm/formats';
import type { CliPublishers } from '@ebpm/schemas';
import { Args } from '@oclif/core';
import { formatTable } from '../../format-table.js';
import { RegistryCommand } from '../../registry-command.js';

/** `ebpm publisher ls NAME`: the CI jobs that may publish a package. */
export default class PublisherLs extends RegistryCommand {
  static override summary = 'List the CI jobs that may publish a package';
  static override description = 'Only owners of the package are told.';
  static override examples = ['<%= config.bin %> publisher ls sigsnoop'];
  static override args = { name: Args.string({ description: 'a package', required: true }) };

  async run(): Promise<CliPublishers> {
    const { args, flags } = await this.parse(PublisherLs);
    const name = parsePackageName(args.name);
    const found = await this.ask({ flag: flags.registry, name }, async (registry) => {
      const { trusts } = await registry.packages.trusts(name);
      const publishers = trusts.map(({ id, issuer, claims }) => ({ id, issuer, claims }));
      return { registry: registry.url, name, publishers };
    });
    const { stdout } = this.context;
    const rows = found.publishers.map(({ id, issuer, claims }) => [id, issuer, claimWords(claims)]);
    if (!this.jsonEnabled()) stdout.write(formatTable(['ID', 'ISSUER', 'CLAIMS'], rows, stdout.isTTY === true));
    return found;
  }
}

function claimWords(claims: Readonly<Record<string, string>>): string {
  return Object.entries(claims)
    .map(([claim, text]) => `${claim}=${text}`)
    .join(' ');
}
