import { join } from 'node:path';
import type { BuildOptions } from '@ebpm/compiler';
import type { Context } from './context.js';
import { dependencyHeaders } from './dependency-headers.js';
import { headerTypes } from './header-types.js';

/** How a project is compiled, by what is around the command line. */
export async function compilerOptions(context: Context, dir: string): Promise<BuildOptions> {
  return {
    dir,
    searchPath: context.env['PATH'] ?? '',
    cacheDir: join(context.cacheFolder, 'headers'),
    color: context.stderr.isTTY === true && !context.env['NO_COLOR'],
    headersOf: (manifest) => dependencyHeaders(context.home, dir, manifest),
    ...(await headerTypes(context)),
  };
}
