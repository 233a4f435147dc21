import { fileURLToPath } from 'node:url';

/** The repository's root. */
export const ROOT = fileURLToPath(new URL('../..', import.meta.url));
/** The built command line. */
export const EBPM = `${ROOT}packages/cli/bundle/main.js`;
export const BUNDLE = `${ROOT}packages/cli/bundle`;
/** Where lab kernels are kept between runs. */
export const LAB_CACHE = `${ROOT}.cache/lab`;
