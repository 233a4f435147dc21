import { cpSync, existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { build } from 'esbuild';
import { REGISTRY_BUNDLE, REGISTRY_DEPENDENCIES } from '../registry-bundle.mjs';
import { ROOT } from '../run-step.mjs';

/** What is released, and the folders that it is put together in. */
export const DIST = join(ROOT, 'dist');
const STAGE = join(DIST, 'stage');

/** What every package carries: how it may be used, and what of others is inside. */
const LEGAL = ['LICENSE', 'THIRD-PARTY-NOTICES.md', 'licenses'];

/** The package `ebpm`: the bundle and the prebuilt addon. It depends on nothing, so npm only unpacks it. */
export function stageCli(prebuilt) {
  const folder = emptyFolder('ebpm');
  const cli = join(ROOT, 'packages/cli');
  // The clone's own addon lies in the bundle; it needs the system's libbpf.
  cpSync(join(cli, 'bundle'), join(folder, 'bundle'), { recursive: true, filter: (path) => !path.endsWith('.node') });
  mkdirSync(join(folder, 'prebuilds/linux-x64'), { recursive: true });
  cpSync(join(prebuilt, 'ebpm_loader.node'), join(folder, 'prebuilds/linux-x64/ebpm_loader.node'));
  cpSync(join(prebuilt, 'sources.json'), join(folder, 'prebuilds/linux-x64/sources.json'));
  const { bin, oclif, ...rest } = publicFields(cli);
  writePackageJson(folder, { ...rest, bin, files: ['bundle', 'prebuilds', ...LEGAL], oclif });
  copyDocuments(folder, cli);
  return folder;
}

/** The package `ebpm-registry`: our own packages in one bundle; SQLite, fastify and the S3 client as npm installs them. */
export async function stageRegistry() {
  const folder = emptyFolder('ebpm-registry');
  await build({ ...REGISTRY_BUNDLE, outdir: join(folder, 'dist'), minifySyntax: true, minifyWhitespace: true });
  const registry = join(ROOT, 'packages/registry');
  cpSync(join(registry, 'bin'), join(folder, 'bin'), { recursive: true });
  writePackageJson(folder, {
    ...publicFields(registry),
    name: 'ebpm-registry',
    files: ['bin', 'dist', ...LEGAL],
    dependencies: REGISTRY_DEPENDENCIES,
  });
  copyDocuments(folder, registry);
  return folder;
}

/** An empty folder of this name below dist/stage. */
export function emptyFolder(name) {
  const folder = join(STAGE, name);
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(folder, { recursive: true });
  return folder;
}

/** Copies the files that every package and archive carries. */
export function copyLegal(folder) {
  for (const name of LEGAL) cpSync(join(ROOT, name), join(folder, name), { recursive: true });
}

function copyDocuments(folder, source) {
  copyLegal(folder);
  const readme = join(source, 'README.md');
  if (!existsSync(readme)) throw new Error(`${basename(source)} has no README.md for npm`);
  cpSync(readme, join(folder, 'README.md'));
}

/** What of a workspace's package.json its users see: no dependencies, which are bundled, and no scripts. */
function publicFields(source) {
  const { name, version, description, license, type, engines, bin, oclif } = JSON.parse(
    readFileSync(join(source, 'package.json'), 'utf8'),
  );
  return {
    name,
    version,
    description,
    keywords: ['ebpf', 'bpf', 'tracing', 'libbpf'],
    license,
    type,
    engines,
    bin,
    oclif,
  };
}

function writePackageJson(folder, content) {
  writeFileSync(join(folder, 'package.json'), `${JSON.stringify(content, null, 2)}\n`);
}
