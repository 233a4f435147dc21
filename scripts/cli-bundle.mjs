import { ROOT } from './run-step.mjs';
import { unbarrel } from './unbarrel.mjs';

/** How the command line is bundled: its modules split where they are imported lazily. */
export const CLI_BUNDLE = {
  absWorkingDir: ROOT,
  entryPoints: ['main', 'unprivileged', 'guest-entry', 'loaded-commands'].map((name) => `packages/cli/src/${name}.ts`),
  bundle: true,
  splitting: true,
  plugins: [unbarrel],
  format: 'esm',
  platform: 'node',
  target: 'node20.19',
  logLevel: 'warning',
  // Shared chunks of generated validators are imported for order alone, and dropped where nothing of them is used.
  logOverride: { 'ignored-bare-import': 'silent' },
  // oclif asks for it only in projects that run from TypeScript sources.
  external: ['typescript'],
};
