import { cpSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { pack } from './pack.mjs';
import { archive, digest } from './release/archive.mjs';
import { nodeRuntime } from './release/node-runtime.mjs';
import { copyLegal, DIST, emptyFolder } from './release/stage.mjs';
import { ROOT } from './run-step.mjs';

/**
 * `npm run dist`: everything of a release in dist/: the npm packages, the archive with a runtime for hosts without Node, what
 * is needed to link the addon again (LGPL), and their digests.
 */
const { prebuilt, cli } = await pack();
const { version } = JSON.parse(readFileSync(join(cli, 'package.json'), 'utf8'));
const name = `ebpm-${version}-linux-x64`;
archive(withRuntime(name));
archive(forRelinking(`${name}-relink`));
writeDigests();

/** bin/ebpm, the runtime and what is in the npm package. */
function withRuntime(folderName) {
  const folder = emptyFolder(folderName);
  const runtime = nodeRuntime();
  mkdirSync(join(folder, 'runtime/bin'), { recursive: true });
  cpSync(join(runtime, 'bin/node'), join(folder, 'runtime/bin/node'));
  cpSync(join(runtime, 'LICENSE'), join(folder, 'runtime/LICENSE'));
  for (const part of ['bundle', 'prebuilds', 'package.json'])
    cpSync(join(cli, part), join(folder, 'app', part), { recursive: true });
  mkdirSync(join(folder, 'bin'));
  cpSync(join(ROOT, 'scripts/release/launcher.sh'), join(folder, 'bin/ebpm'));
  cpSync(join(cli, 'README.md'), join(folder, 'README.md'));
  copyLegal(folder);
  return folder;
}

/** Objects, libraries, libelf's source and the script that makes the addon of them. */
function forRelinking(folderName) {
  const folder = emptyFolder(folderName);
  cpSync(join(prebuilt, 'relink'), folder, { recursive: true });
  cpSync(join(prebuilt, 'sources.json'), join(folder, 'sources.json'));
  copyLegal(folder);
  return folder;
}

/** As `sha256sum --check` reads it. */
function writeDigests() {
  const files = readdirSync(DIST)
    .filter((file) => file.includes(`-${version}`) && file.endsWith('gz'))
    .sort();
  writeFileSync(join(DIST, 'SHA256SUMS'), files.map((file) => `${digest(join(DIST, file))}  ${file}\n`).join(''));
}
