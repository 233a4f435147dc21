import { resolveSettings } from '../config/resolve-settings.js';
import { copyRegistry } from '../upkeep/copy-registry.js';
import type { Command, CommandInput } from './command.js';
import type { CommandContext } from './command-context.js';
import { STORE_FLAGS, storeAddress, withStoreAt } from './store-flags.js';

const FLAGS = { ...STORE_FLAGS, json: { description: 'print the result as JSON' } };

/** `ebpm-registry backup TO` */
export const backup: Command = {
  name: 'backup',
  positionals: ['TO'],
  summary: 'copy the registry to another store (file:DIR, s3://...), or what came since; servers may go on',
  flags: FLAGS,
  run: (input, context) => copy(input, context, (own, other) => ({ from: own, to: other })),
};

/** `ebpm-registry restore FROM` */
export const restore: Command = {
  name: 'restore',
  positionals: ['FROM'],
  summary: 'copy a backup into an empty store',
  flags: FLAGS,
  run: (input, context) => copy(input, context, (own, other) => ({ from: other, to: own })),
};

async function copy(
  input: CommandInput,
  context: CommandContext,
  addresses: (own: string, other: string) => { readonly from: string; readonly to: string },
): Promise<void> {
  const { settings } = await resolveSettings({ flags: input.flags, env: context.env });
  const { from, to } = addresses(storeAddress(settings), input.positionals[0] ?? '');
  const copied = await withStoreAt(from, settings, (source) =>
    withStoreAt(to, settings, (target) => copyRegistry(source, target), { mayMake: true }),
  );
  const { entries, people, blobs } = copied;
  const text =
    `copied ${entries.log} entries of the log, ${entries.accounts} of the accounts, ${people} records of people and ` +
    `${blobs} archives; the key file is not among them`;
  context.print(input.flags['json'] === true ? JSON.stringify(copied) : text);
}
