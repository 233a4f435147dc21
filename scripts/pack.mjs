import { mkdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { prebuild } from './prebuild.mjs';
import { DIST, stageCli, stageRegistry } from './release/stage.mjs';
import { ROOT, runStep, say } from './run-step.mjs';

/**
 * `npm run pack`: what is published on npm, as `npm publish dist/NAME.tgz` takes it: `ebpm` and `ebpm-registry`. It packs the
 * build that is there. Gives the folder of the prebuilt addon and that of the package `ebpm`.
 */
export async function pack() {
  const prebuilt = prebuild();
  runStep(process.execPath, ['scripts/bundle.mjs']);
  const cli = stageCli(prebuilt);
  mkdirSync(DIST, { recursive: true });
  for (const folder of [cli, await stageRegistry()]) npmPack(folder);
  return { prebuilt, cli };
}

function npmPack(folder) {
  const { name, version } = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8'));
  runStep('npm', ['pack', '--silent', '--pack-destination', DIST], { cwd: folder, stdio: ['ignore', 'ignore', 2] });
  say(`${join(DIST, `${name}-${version}.tgz`).slice(ROOT.length)} is packed`);
}

if (process.argv[1] === new URL(import.meta.url).pathname) await pack();
