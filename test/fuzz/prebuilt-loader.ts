import { cpSync, mkdtempSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { BUNDLE, ROOT } from '../kernels/installation.js';

/** Whether the published package's addon, with a newer libbpf inside, takes the place of the clone's (`npm run dist` makes it). */
export function isPrebuilt(): boolean {
  return process.env['EBPM_TEST_ADDON'] === 'prebuilt';
}

/** A copy of the built loader that finds that addon. It lies in the clone, so that it finds the other packages too. */
export interface PrebuiltLoader {
  readonly path: string;
  remove(): void;
}

export function prebuiltLoader(): PrebuiltLoader {
  const folder = mkdtempSync(join(ROOT, '.cache/prebuilt-loader-'));
  cpSync(join(ROOT, 'packages/loader/dist'), join(folder, 'dist'), { recursive: true });
  cpSync(join(ROOT, 'packages/loader/package.json'), join(folder, 'package.json'));
  cpSync(join(BUNDLE, '../prebuilds'), join(folder, 'prebuilds'), { recursive: true });
  return { path: join(folder, 'dist/index.js'), remove: () => rmSync(folder, { recursive: true, force: true }) };
}
