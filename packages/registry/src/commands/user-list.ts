import type { TokenState } from '../accounts/account-state.js';
import type { NamedUser } from '../accounts/accounts.js';
import { isExpired } from '../accounts/token.js';
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
    const users = await withAccounts(input, context, (accounts) => accounts.listUsers());
    const lines = input.flags['json'] === true ? [JSON.stringify(users.map(userRow))] : users.flatMap(userLines);
    for (const line of lines) context.print(line);
  },
};

function userRow({ id, name, createdAt, tokens }: NamedUser) {
  return { id, name, createdAt, tokens: tokens.map(tokenRow) };
}

/** The hash stays here. */
function tokenRow(token: TokenState) {
  const { id, createdAt, expiresAt, allow, names, from } = token;
  // What is undefined is left out of JSON.
  return { id, createdAt, expires: expiresAt, state: stateOf(token), allow, names, from };
}

function userLines({ name, tokens }: NamedUser): string[] {
  return [name, ...tokens.map((token) => `  ${token.id}  ${stateOf(token)}${endOf(token)}${limitsOf(token)}`)];
}

function stateOf(token: TokenState): 'valid' | 'revoked' | 'expired' {
  if (token.revoked) return 'revoked';
  return isExpired(token, systemClock.nowMs()) ? 'expired' : 'valid';
}

function limitsOf({ allow, names, from }: TokenState): string {
  return Object.entries({ allow, names, from })
    .map(([limit, list]) => (list === undefined ? '' : `  ${limit} ${list.join(',')}`))
    .join('');
}

function endOf({ expiresAt }: TokenState): string {
  return expiresAt === undefined ? '' : `  until ${expiresAt}`;
}
