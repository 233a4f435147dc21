import type { TokenState } from '../accounts/account-state.js';
import type { NamedUser } from '../accounts/accounts.js';
import { isExpired } from '../accounts/token.js';
import type { TokenUses } from '../accounts/token-uses.js';
import { systemClock } from '../clock.js';
import type { Command } from './command.js';
import { STORE_FLAGS, withAccounts } from './store-flags.js';

/** `ebpm-registry user list` */
export const userList: Command = {
  name: 'user list',
  positionals: [],
  summary: 'list the users and their tokens',
  flags: { ...STORE_FLAGS, json: { description: 'print the result as JSON' } },
  async run(input, context) {
    const { users, tokenUses } = await withAccounts(input, context, async (accounts, uses) => {
      await uses.refresh();
      return { users: await accounts.listUsers(), tokenUses: uses };
    });
    const rows = users.map((user) => userRow(user, tokenUses));
    const lines = input.flags['json'] === true ? [JSON.stringify(rows)] : rows.flatMap(userLines);
    for (const line of lines) context.print(line);
  },
};

function userRow({ id, name, createdAt, tokens }: NamedUser, uses: TokenUses) {
  return { id, name, createdAt, tokens: tokens.map((token) => tokenRow(token, uses)) };
}

/** The hash stays here. */
function tokenRow(token: TokenState, uses: TokenUses) {
  const { id, createdAt, expiresAt, allow, names, from } = token;
  // What is undefined is left out of JSON.
  return { id, createdAt, expires: expiresAt, lastUsedAt: uses.lastOf(id), state: stateOf(token), allow, names, from };
}

function userLines({ name, tokens }: ReturnType<typeof userRow>): string[] {
  return [name, ...tokens.map(tokenLine)];
}

function tokenLine({ id, state, expires, lastUsedAt, allow, names, from }: ReturnType<typeof tokenRow>): string {
  const more = Object.entries({ until: expires, used: lastUsedAt, allow, names, from }).filter(
    ([, value]) => value !== undefined,
  );
  return [`  ${id}`, state, ...more.map(([word, value]) => `${word} ${value}`)].join('  ');
}

function stateOf(token: TokenState): 'valid' | 'revoked' | 'expired' {
  if (token.revoked) return 'revoked';
  return isExpired(token, systemClock.nowMs()) ? 'expired' : 'valid';
}
