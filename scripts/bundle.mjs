import { chmodSync, copyFileSync, cpSync, existsSync, mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { build } from 'esbuild';
import { CLI_BUNDLE } from './cli-bundle.mjs';
import { toCommonJs } from './common-js.mjs';
import { ROOT } from './run-step.mjs';

// One folder that is the whole command line, the addon included: it starts faster than a tree of packages, and it is
// what goes into a lab kernel.
const folder = join(ROOT, 'packages/cli/bundle');
const addon = join(ROOT, 'packages/loader/build/Release/ebpm_loader.node');
rmSync(folder, { recursive: true, force: true });
mkdirSync(folder);
const { outputFiles } = await build({
  ...CLI_BUNDLE,
  outdir: folder,
  minifySyntax: true,
  minifyWhitespace: true,
  write: false,
});
for (const { path, text } of await toCommonJs(outputFiles)) writeFileSync(path, text);
// The package around it is of ES modules.
writeFileSync(join(folder, 'package.json'), '{"type":"commonjs"}\n');
chmodSync(join(folder, 'main.js'), 0o755);
// What guests in WASM are compiled with.
cpSync(join(ROOT, 'packages/compiler/guest'), join(folder, 'guest'), { recursive: true });
if (existsSync(addon)) copyFileSync(addon, join(folder, 'ebpm_loader.node'));
