import type { Store } from '../stores/store.js';
import { type Copied, copyRegistry } from '../upkeep/copy-registry.js';
import { requireRegistry } from '../upkeep/require-registry.js';
import type { Command, CommandInput } from './command.js';
import type { CommandContext } from './command-context.js';
import { STORE_FLAGS, withOtherStore, withStore } from './store-flags.js';

const FLAGS = { ...STORE_FLAGS, json: { description: 'print the result as JSON' } };

/** `ebpm-registry backup TO` */
export const backup: Command = {
  name: 'backup',
  positionals: ['TO'],
  summary: 'copy the registry to another store (file:DIR, s3://...), or what came since; servers may go on',
  flags: FLAGS,
  run: (input, context) =>
    copy(input, context, async (own, other) => {
      await requireRegistry(own, 'back the registry up');
      return copyRegistry(own, other);
    }),
};

/** `ebpm-registry restore FROM` */
export const restore: Command = {
  name: 'restore',
  positionals: ['FROM'],
  summary: 'copy a backup into an empty store',
  flags: FLAGS,
  run: (input, context) =>
    copy(input, context, async (own, other) => {
      await requireRegistry(other, 'restore the registry');
      return copyRegistry(other, own);
    }),
};

async function copy(
  input: CommandInput,
  context: CommandContext,
  run: (own: Store, other: Store) => Promise<Copied>,
): Promise<void> {
  const [address = ''] = input.positionals;
  const copied = await withStore(input, context, ({ store }, settings) =>
    withOtherStore(address, settings, (other) => run(store, other)),
  );
  const { entries, people, blobs } = copied;
  const text =
    `copied ${entries.log} entries of the log, ${entries.accounts} of the accounts, ${people} records of people and ` +
    `${blobs} archives; the key file is not among them`;
  context.print(input.flags['json'] === true ? JSON.stringify(copied) : text);
}
