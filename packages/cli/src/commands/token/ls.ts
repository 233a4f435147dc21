import type { ApiTokens, CliTokens } from '@ebpm/schemas';
import { formatTable } from '../../format-table.js';
import { RegistryCommand } from '../../registry-command.js';

type Token = CliTokens['tokens'][number];

/** `ebpm token ls`: the tokens of one's own account. */
export default class TokenLs extends RegistryCommand {
  static override summary = 'List the tokens of your account';
  static override description = 'A token is never shown again; its id is what "token revoke" takes.';
  static override examples = ['<%= config.bin %> token ls'];

  async run(): Promise<CliTokens> {
    const { flags } = await this.parse(TokenLs);
    const found = await this.ask({ flag: flags.registry, name: undefined }, async (registry) => {
      const { tokens } = await registry.account.tokens();
      return { registry: registry.url, tokens: tokens.map(listed) };
    });
    const { stdout } = this.context;
    if (!this.jsonEnabled()) stdout.write(formatTable(HEADER, found.tokens.map(row), stdout.isTTY === true));
    return found;
  }
}

const HEADER = ['ID', 'STATE', 'MADE', 'ENDS', 'LAST USED', 'GOOD FOR'];

function row({ id, state, createdAt, expires, lastUsedAt, allow, names, from }: Token): readonly string[] {
  const limits = [allow?.join(' '), names?.join(' '), from === undefined ? undefined : `from ${from.join(' ')}`];
  const goodFor = limits.filter((limit) => limit !== undefined).join('; ');
  return [id, state, day(createdAt), day(expires), day(lastUsedAt), goodFor === '' ? 'everything' : goodFor];
}

function day(time: string | undefined): string {
  return time?.slice(0, 'YYYY-MM-DD'.length) ?? '';
}

/** What the registry adds later is not part of this command's result. */
function listed({ id, createdAt, expires, lastUsedAt, state, allow, names, from }: ApiTokens['tokens'][number]): Token {
  return {
    id,
    createdAt,
    state,
    ...(expires !== undefined && { expires }),
    ...(lastUsedAt !== undefined && { lastUsedAt }),
    ...(allow !== undefined && { allow: [...allow] }),
    ...(names !== undefined && { names: [...names] }),
    ...(from !== undefined && { from: [...from] }),
  };
}
