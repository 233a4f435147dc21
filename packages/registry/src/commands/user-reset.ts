import type { Command } from './command.js';
import { STORE_FLAGS, withAccounts } from './store-flags.js';
import { usageError } from './usage-error.js';

/** `ebpm-registry user reset NAME` */
export const userReset: Command = {
  name: 'user reset',
  positionals: ['NAME'],
  summary: 'take away the password and the one-time codes of a user who has lost them; tokens go on',
  flags: {
    ...STORE_FLAGS,
    only: { value: 'WHAT', description: 'only "password", or only "otp", the one-time codes' },
    json: { description: 'print the result as JSON' },
  },
  async run(input, context) {
    const [name = ''] = input.positionals;
    const { only, json } = input.flags;
    if (only !== undefined && only !== 'password' && only !== 'otp') {
      throw usageError(`--only takes "password" or "otp", not "${only}"`);
    }
    const { id } = await withAccounts(input, context, (accounts) => accounts.resetLogin(name, only));
    const gone = only === undefined ? ['password', 'otp'] : [only];
    const text = `${name} has no ${gone.join(' and no ').replace('otp', 'one-time codes')} any more`;
    context.print(json === true ? JSON.stringify({ id, name, gone }) : text);
  },
};
