import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Manifest } from '@ebpm/formats';
import type { BuildOptions } from './build-options.js';
import { writeHeaders } from './header-packages.js';

/** Where a build works. */
export interface BuildPlace {
  /** Private to the build. */
  readonly tempDir: string;
  /** The folders for `#include <...>` of other packages, below it. */
  readonly headerDirs: readonly string[];
}

/** Builds in a folder of its own, which is gone afterwards. */
export async function inPrivatePlace<Result>(
  manifest: Manifest,
  { headersOf }: BuildOptions,
  work: (place: BuildPlace) => Promise<Result>,
): Promise<Result> {
  const tempDir = await mkdtemp(join(tmpdir(), 'ebpm-build-'));
  try {
    const headers = (await headersOf?.(manifest)) ?? [];
    return await work({ tempDir, headerDirs: await writeHeaders(join(tempDir, 'headers'), headers) });
  } finally {
    await rm(tempDir, { recursive: true, force: true });
  }
}
