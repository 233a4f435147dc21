import { LogPins } from '@ebpm/client';
import type { CliTrust } from '@ebpm/schemas';
import { BaseCommand } from '../../base-command.js';
import { formatTable } from '../../format-table.js';

/** `ebpm trust ls`: lists the registries whose logs are known here. */
export default class TrustLs extends BaseCommand {
  static override summary = 'List the registries whose logs are known here';
  static override description =
    'A registry is known from its first use on: the key that signs its log, and how far the log was. What does not follow from that is refused.';
  static override examples = ['<%= config.bin %> trust ls'];

  async run(): Promise<CliTrust> {
    await this.parse(TrustLs);
    const { home, stdout } = this.context;
    const registries = (await new LogPins(home).all()).map(({ url, key, head: { seq, hash, time } }) => ({
      registry: url,
      key,
      seq,
      hash,
      time,
    }));
    if (!this.jsonEnabled()) stdout.write(formatTable(HEADER, registries.map(row), stdout.isTTY === true));
    return { registries };
  }
}

const HEADER = ['REGISTRY', 'ENTRIES', 'SEEN', 'KEY'];

function row({ registry, seq, time, key }: CliTrust['registries'][number]): readonly string[] {
  return [registry, String(seq), time.slice(0, 19).replace('T', ' '), key];
}
