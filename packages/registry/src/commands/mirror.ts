import { systemClock } from '../clock.js';
import { MIRROR_LIMITS } from '../limits.js';
import { MirrorFiles } from '../mirror/mirror-files.js';
import { type Mirrored, mirrorRegistry } from '../mirror/mirror-registry.js';
import { MirrorSource } from '../mirror/mirror-source.js';
import { Outbound } from '../outbound.js';
import { systemRandom } from '../random.js';
import { registryVersion } from '../version.js';
import type { Command, CommandInput } from './command.js';

/** `ebpm-registry mirror URL DIR` */
export const mirror: Command = {
  name: 'mirror',
  positionals: ['URL', 'DIR'],
  summary: 'copy what everybody may see of a registry into plain files, for file:DIR and any web server',
  flags: {
    include: { value: 'NAMES', description: 'only packages of these names, such as @acme/*,tcp* (default: all)' },
    follow: { description: 'go on as the registry grows, until Ctrl-C' },
    allow: { value: 'HOSTS', description: 'hosts and networks that may be asked although they are private' },
    json: { description: 'print each result as JSON' },
  },
  async run(input, context) {
    const [url = '', directory = ''] = input.positionals;
    const outbound = new Outbound({ userAgent: `ebpm-registry/${registryVersion()}`, allow: listOf(input, 'allow') });
    try {
      const source = new MirrorSource(outbound, url, context.signal);
      const files = new MirrorFiles(directory, systemRandom);
      for (let isFirst = true; isFirst || !context.signal.aborted; isFirst = false) {
        const mirrored = await mirrorRegistry(source, files, listOf(input, 'include'));
        if (isFirst || mirrored.entries > 0) context.print(textOf(mirrored, input));
        if (input.flags['follow'] !== true) return;
        await systemClock.sleep(MIRROR_LIMITS.lookMs, context.signal);
      }
    } finally {
      await outbound.close();
    }
  },
};

function listOf({ flags }: CommandInput, name: string): readonly string[] {
  const { [name]: value } = flags;
  return typeof value === 'string' ? value.split(',').filter((word) => word !== '') : [];
}

function textOf(mirrored: Mirrored, { flags }: CommandInput): string {
  if (flags['json'] === true) return JSON.stringify(mirrored);
  const { seq, entries, packages, blobs } = mirrored;
  return `at entry ${seq}: ${entries} new entries, ${packages} packages changed, ${blobs} new archives`;
}
