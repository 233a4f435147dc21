import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { ROOT } from './run-step.mjs';

const { dependencies } = JSON.parse(readFileSync(join(ROOT, 'packages/registry/package.json'), 'utf8'));

/** What npm installs beside the published registry: not our own packages, which are in its bundle. */
export const REGISTRY_DEPENDENCIES = Object.fromEntries(
  Object.entries(dependencies).filter(([name]) => !name.startsWith('@ebpm/')),
);

/** How the registry is bundled for npm: our own packages in one file, everything else as npm installs it. */
export const REGISTRY_BUNDLE = {
  absWorkingDir: ROOT,
  entryPoints: {
    // What bin/ebpm-registry.cjs imports.
    main: 'packages/registry/dist/main.js',
    // What a thread starts is a file of its own.
    'check-worker': 'packages/registry/dist/publish/check-worker.js',
    'settle-worker': 'packages/registry/dist/snapshots/settle-worker.js',
  },
  bundle: true,
  splitting: true,
  format: 'esm',
  platform: 'node',
  target: 'node20.19',
  logLevel: 'warning',
  logOverride: { 'ignored-bare-import': 'silent' },
  external: Object.keys(REGISTRY_DEPENDENCIES),
  // What was CommonJS asks for a `require`, which an ES module has to make for itself.
  banner: {
    js: "import{createRequire as __createRequire}from'node:module';const require=__createRequire(import.meta.url);",
  },
};
