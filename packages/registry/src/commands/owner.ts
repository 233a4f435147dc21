import { parsePackageName } from '@ebpm/formats';
import { changeOwner } from '../publish/change-owner.js';
import type { Command, CommandInput } from './command.js';
import type { CommandContext } from './command-context.js';
import { STORE_FLAGS, withRegistry } from './store-flags.js';

const FLAGS = { ...STORE_FLAGS, json: { description: 'print the result as JSON' } };

/** `ebpm-registry owner add PACKAGE OWNER` */
export const ownerAdd: Command = {
  name: 'owner add',
  positionals: ['PACKAGE', 'OWNER'],
  summary: 'make a user or an organisation an owner of a package',
  flags: FLAGS,
  run: (input, context) => change(input, context, 'add'),
};

/** `ebpm-registry owner remove PACKAGE OWNER` */
export const ownerRemove: Command = {
  name: 'owner remove',
  positionals: ['PACKAGE', 'OWNER'],
  summary: 'take a package from one of its owners; it always keeps one',
  flags: FLAGS,
  run: (input, context) => change(input, context, 'remove'),
};

async function change(input: CommandInput, context: CommandContext, action: 'add' | 'remove'): Promise<void> {
  const [spec = '', owner = ''] = input.positionals;
  const name = parsePackageName(spec);
  const owners = await withRegistry(input, context, (registry) => changeOwner(registry, { name, action, owner }));
  const text = `"${name}" belongs to ${owners.join(', ')}`;
  context.print(input.flags['json'] === true ? JSON.stringify({ name, owners }) : text);
}
