import { machine } from 'node:os';
import { type InstallResult, installPackage, type NamedSpec, type VersionWriter } from '@ebpm/client';
import type { Context } from './context.js';
import { DownloadProgress } from './download-progress.js';
import { installWarnings } from './install-warnings.js';
import { withPackages } from './open-packages.js';

/** How a package is installed that a person asks for by its name. */
export interface UserInstallOptions {
  /** This program's version. */
  readonly ebpmVersion: string;
  /** `--registry`. */
  readonly flag?: string | undefined;
  /** The id of a publisher's key that is trusted whatever key was there before. */
  readonly acceptKey?: string | undefined;
  /** Whether a name that stands for a version already goes on doing so. Default false. */
  readonly keepCurrent?: boolean;
  /** What takes the versions; default: the user's store. */
  readonly writer?: VersionWriter | undefined;
}

/** Installs a package and all that it needs; progress and warnings go to stderr. @throws what installPackage throws */
export async function installForUser(
  context: Context,
  spec: NamedSpec,
  { ebpmVersion, flag, acceptKey, keepCurrent = false, writer }: UserInstallOptions,
): Promise<InstallResult> {
  const progress = new DownloadProgress(context.stderr, Date.now);
  try {
    return await installPackage(spec, {
      home: context.home,
      writer,
      withRegistries: (use) => withPackages(context, { flag, ebpmVersion }, use),
      machine: { arch: machine() },
      ebpmVersion,
      keepCurrent,
      acceptKey,
      now: () => new Date(),
      onProgress: ({ sizeBytes }, receivedBytes) => progress.update(spec.name, receivedBytes, sizeBytes),
      ...installWarnings(context.stderr, progress),
    });
  } finally {
    progress.close();
  }
}
