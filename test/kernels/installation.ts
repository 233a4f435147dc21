import { fileURLToPath } from 'node:url';

/** The repository's root. */
export const ROOT = fileURLToPath(new URL('../..', import.meta.url));
/**
 * The built command line: the clone's, with the system's libbpf; or, where the vitest project "prebuilt" says so, the published
 * package's, with libbpf inside (`npm run dist` makes it).
 */
export const BUNDLE = isPrebuilt() ? `${ROOT}dist/stage/ebpm/bundle` : `${ROOT}packages/cli/bundle`;
/** Its addon. */
export const ADDON = isPrebuilt()
  ? `${ROOT}dist/stage/ebpm/prebuilds/linux-x64/ebpm_loader.node`
  : `${BUNDLE}/ebpm_loader.node`;
export const EBPM = `${BUNDLE}/main.js`;
/** Where lab kernels are kept between runs. */
export const LAB_CACHE = `${ROOT}.cache/lab`;

function isPrebuilt(): boolean {
  return process.env['EBPM_TEST_ADDON'] === 'prebuilt';
}
