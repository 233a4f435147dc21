import { areTokenLimits } from '../accounts/account-operation.js';
import { TOKEN_POWERS, type TokenLimits } from '../accounts/account-state.js';
import { splitList } from '../config/split-list.js';
import type { Command, CommandInput } from './command.js';
import { parseLifeMs } from './life.js';
import { STORE_FLAGS, withAccounts } from './store-flags.js';
import { usageError } from './usage-error.js';

/** `ebpm-registry token create USER` */
export const tokenCreate: Command = {
  name: 'token create',
  positionals: ['USER'],
  summary: 'make a token for a user; it is printed once and never again',
  flags: {
    ...STORE_FLAGS,
    expires: { value: 'TIME', description: 'how long it is good for: 30d, 12h, 90m (default: until it is revoked)' },
    allow: { value: 'WHAT,...', description: `what it is good for, of ${TOKEN_POWERS.join(', ')} (default: all)` },
    names: { value: 'PATTERN,...', description: 'the packages that it is good for: "@acme/*" (default: all)' },
    from: { value: 'NETWORK,...', description: 'where it may be used: 192.0.2.7, 2001:db8::/32 (default: anywhere)' },
    json: { description: 'print the result as JSON' },
  },
  async run(input, context) {
    const [name = ''] = input.positionals;
    const { expires, json } = input.flags;
    const lifeMs = typeof expires === 'string' ? parseLifeMs(expires) : undefined;
    const limits = limitsOf(input.flags);
    const made = await withAccounts(input, context, (accounts) => accounts.createToken(name, lifeMs, limits));
    context.print(json === true ? JSON.stringify({ ...made, ...limits }) : made.token);
  },
};

const EXAMPLES: Readonly<Record<keyof TokenLimits, string>> = {
  allow: TOKEN_POWERS.join(),
  names: "'@acme/*'",
  from: '192.0.2.0/24',
};

/** @throws EBPM_REGISTRY_USAGE for a limit that is none */
function limitsOf(flags: CommandInput['flags']): Partial<TokenLimits> {
  const limits: Record<string, readonly string[]> = {};
  for (const [flag, example] of Object.entries(EXAMPLES)) {
    const text = flags[flag];
    if (typeof text !== 'string') continue;
    const list = [...new Set(splitList(text))];
    if (!areTokenLimits({ [flag]: list }))
      throw usageError(`--${flag} cannot be "${text}"`, `try --${flag} ${example}`);
    limits[flag] = list;
  }
  return limits;
}
