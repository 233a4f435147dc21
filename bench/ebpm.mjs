import { fileURLToPath } from 'node:url';

/** The built command line. */
export const EBPM = fileURLToPath(new URL('../packages/cli/bundle/main.js', import.meta.url));
