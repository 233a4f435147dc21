import type { InstallOptions } from '@ebpm/client';
import { printable } from '@ebpm/events';
import { FACTS_VERSION } from '@ebpm/object';
import type { Output } from './context.js';
import type { DownloadProgress } from './download-progress.js';

/** What is said aside of a version while it is installed. */
export function installWarnings(
  stderr: Output,
  progress: DownloadProgress,
): Required<Pick<InstallOptions, 'onDeprecated' | 'onOtherFacts'>> {
  const warn = (text: string): void => {
    progress.close();
    stderr.write(`${printable(`warning: ${text}`)}\n`);
  };
  return {
    onDeprecated: ({ name, version, reason }) => warn(`${name}@${version} is deprecated: ${reason}`),
    // What this program shows of permissions it reads in the programs itself; that the registry says the same was not seen.
    onOtherFacts: ({ name, version, factsVersion }) => {
      const reason = `the registry has facts of version ${factsVersion}, and this ebpm makes those of version ${FACTS_VERSION}`;
      warn(`${name}@${version}: ${reason}: not compared, ebpm goes by its own`);
    },
  };
}
