import { printable } from '@ebpm/events';
import type { ApiSearchHit, CliSearch } from '@ebpm/schemas';
import { Args, Flags } from '@oclif/core';
import { BaseCommand } from '../base-command.js';
import { formatTable } from '../format-table.js';
import { withRegistry } from '../open-registry.js';
import { registryFlag } from '../registry-flag.js';

/** `ebpm search WORDS`: finds packages. */
export default class Search extends BaseCommand {
  static override summary = 'Find packages in a registry';
  static override description =
    'Every word must begin a word of the name, the keywords or the description. Filters: type:xdp, kernel:<=5.10, keyword:net, author:jane. Without words and filters all packages are listed.';
  static override examples = [
    '<%= config.bin %> search signal',
    "<%= config.bin %> search net 'type:xdp' 'kernel:<=5.10'",
    '<%= config.bin %> search --limit 100',
  ];
  static override strict = false;
  static override args = { words: Args.string({ description: 'what to look for' }) };
  static override flags = {
    registry: registryFlag,
    limit: Flags.integer({ char: 'n', min: 1, max: 100, default: 20, description: 'results on a page' }),
    cursor: Flags.string({ description: 'shows the page that follows: what the page before said', helpValue: 'TEXT' }),
  };

  async run(): Promise<CliSearch> {
    const { flags, argv } = await this.parse(Search);
    const { limit, cursor } = flags;
    const options = { flag: flags.registry, name: undefined, ebpmVersion: this.config.version };
    const query = argv.join(' ');
    return withRegistry(this.context, options, async (registry) => {
      const { results, total, isTotalExact, corrected, next } = await registry.search({ query, limit, cursor });
      const { stdout, stderr } = this.context;
      if (!this.jsonEnabled()) {
        stdout.write(formatTable(HEADER, results.map(row), stdout.isTTY === true));
        if (total === 0) stderr.write('Nothing was found\n');
        if (corrected !== undefined)
          stderr.write(`Nothing has "${printable(query)}"; this is "${printable(corrected)}"\n`);
        const all = isTotalExact ? total : `more than ${total}`;
        if (next !== undefined) stderr.write(`${results.length} of ${all}; more: --cursor ${printable(next)}\n`);
      }
      return {
        registry: registry.url,
        results: results.map(listed),
        total,
        isTotalExact,
        ...(corrected === undefined ? {} : { corrected }),
        ...(next === undefined ? {} : { next }),
      };
    });
  }
}

const HEADER = ['NAME', 'VERSION', 'PUBLISHED', 'BY', 'DESCRIPTION'];

function row({ name, version, publishedAt, publisher, description = '' }: ApiSearchHit): readonly string[] {
  return [name, version, publishedAt.slice(0, 'YYYY-MM-DD'.length), publisher, description];
}

/** What the registry adds later is not part of this command's result. */
function listed({ name, version, description, keywords, publishedAt, publisher }: ApiSearchHit) {
  return {
    name,
    version,
    ...(description === undefined ? {} : { description }),
    keywords,
    publishedAt,
    publisher,
  };
}
