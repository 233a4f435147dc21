import { parsePackageName } from '@ebpm/formats';
import type { CliAccess } from '@ebpm/schemas';
import { Args } from '@oclif/core';
import { formatTable } from '../../format-table.js';
import { RegistryCommand } from '../../registry-command.js';

/** `ebpm access get NAME`: what `ebpm access set` sets. */
export default class AccessGet extends RegistryCommand {
  static override summary = 'Show how a package may be published, and who may read it';
  static override description = 'In the words that "ebpm access set" takes. Only owners of the package are told.';
  static override examples = ['<%= config.bin %> access get sigsnoop'];
  static override args = { name: Args.string({ description: 'a package', required: true }) };

  async run(): Promise<CliAccess> {
    const { args, flags } = await this.parse(AccessGet);
    const name = parsePackageName(args.name);
    const found = await this.ask({ flag: flags.registry, name }, async (registry): Promise<CliAccess> => {
      const { otp, trustedOnly } = await registry.packages.policy(name);
      const { visibility = 'public' } = await registry.package(name);
      return {
        registry: registry.url,
        name,
        status: visibility,
        mfa: otp ? 'publish' : 'none',
        publishers: trustedOnly ? 'trusted' : 'all',
      };
    });
    const { status, mfa, publishers } = found;
    const { stdout } = this.context;
    const rows = Object.entries({ status, mfa, publishers });
    if (!this.jsonEnabled()) stdout.write(formatTable(['', ''], rows, stdout.isTTY === true));
    return found;
  }
}
