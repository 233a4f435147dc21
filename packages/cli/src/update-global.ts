import { machine } from 'node:os';
import { globalTools, namedTools, type ToolUpdates, updateTools } from '@ebpm/client';
import type { Context } from './context.js';
import { DownloadProgress } from './download-progress.js';
import { installWarnings } from './install-warnings.js';
import { withPackages } from './open-packages.js';
import type { RegistryOptions } from './open-registry.js';

/** Which tools of the user are updated. */
export interface UpdateGlobalOptions extends RegistryOptions {
  /** None: all of them. */
  readonly names: readonly string[];
  /** The id of a publisher's key that is trusted whatever key was there before. */
  readonly acceptKey: string | undefined;
}

/** Updates what the user has installed by its name, and what that depends on, each from the registry that it came from, unless one is named. @throws what globalTools and namedTools throw */
export async function updateGlobal(context: Context, options: UpdateGlobalOptions): Promise<ToolUpdates> {
  const { home, stderr } = context;
  const { flag, ebpmVersion, names, acceptKey } = options;
  const tools = namedTools(await globalTools(home), names);
  const progress = new DownloadProgress(stderr, Date.now);
  try {
    return await updateTools(tools, {
      home,
      withRegistries: (use) => withPackages(context, options, use),
      registryOf: ({ name, registry }, access) =>
        flag === undefined ? access.registryAt(registry) : access.registryFor(name),
      machine: { arch: machine() },
      ebpmVersion,
      acceptKey,
      now: () => new Date(),
      onProgress: ({ digest, sizeBytes }, receivedBytes) => progress.update(digest, receivedBytes, sizeBytes),
      ...installWarnings(stderr, progress),
    });
  } finally {
    progress.close();
  }
}
