import type { Command } from './command.js';
import { parseLifeMs } from './life.js';
import { STORE_FLAGS, withAccounts } from './store-flags.js';

/** `ebpm-registry token create USER` */
export const tokenCreate: Command = {
  name: 'token create',
  positionals: ['USER'],
  summary: 'make a token for a user; it is printed once and never again',
  flags: {
    ...STORE_FLAGS,
    expires: { value: 'TIME', description: 'how long it is good for: 30d, 12h, 90m (default: until it is revoked)' },
    json: { description: 'print the result as JSON' },
  },
  async run(input, context) {
    const [name = ''] = input.positionals;
    const { expires, json } = input.flags;
    const lifeMs = typeof expires === 'string' ? parseLifeMs(expires) : undefined;
    const made = await withAccounts(input, context, (accounts) => accounts.createToken(name, lifeMs));
    context.print(json === true ? JSON.stringify(made) : made.token);
  },
};
