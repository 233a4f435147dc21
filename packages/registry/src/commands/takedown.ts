import { parsePackageName } from '@ebpm/formats';
import { takeDown } from '../publish/take-down.js';
import type { Command } from './command.js';
import { STORE_FLAGS, withRegistry } from './store-flags.js';
import { usageError } from './usage-error.js';

/** `ebpm-registry takedown NAME[@VERSION]` */
export const takedown: Command = {
  name: 'takedown',
  positionals: ['NAME[@VERSION]'],
  summary: 'take a version, or a whole package, down for ever; its name and number stay used',
  flags: {
    ...STORE_FLAGS,
    reason: { value: 'TEXT', description: 'why; it is shown to who asks for it (required)' },
    json: { description: 'print the result as JSON' },
  },
  async run(input, context) {
    const [spec = ''] = input.positionals;
    const { reason, json } = input.flags;
    if (typeof reason !== 'string' || reason === '') throw usageError('it needs --reason', 'try --reason malware');
    const at = spec.indexOf('@', 1);
    const name = parsePackageName(at < 0 ? spec : spec.slice(0, at));
    const version = at < 0 ? undefined : spec.slice(at + 1);
    const seq = await withRegistry(input, context, (registry) => takeDown(registry, { name, version, reason }));
    context.print(json === true ? JSON.stringify({ name, version, seq }) : `took ${spec} down`);
  },
};
