import { createHash } from 'node:crypto';
import {
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { createRequire } from 'node:module';
import { join, relative, resolve } from 'node:path';
import { ensureDebianPackages } from './debian-packages.mjs';
import { checkAddon } from './prebuild/check-addon.mjs';
import { fetchSources } from './prebuild/debian-sources.mjs';
import { buildStaticAddon } from './prebuild/static-addon.mjs';
import { buildLibraries } from './prebuild/static-libraries.mjs';
import { requireLinuxX64 } from './require-linux-x64.mjs';
import { ROOT, runStep } from './run-step.mjs';

const CACHE = join(ROOT, '.cache/prebuild');
const RELINK = 'scripts/prebuild/relink.sh';

/**
 * `npm run build:prebuilt`: the addon for linux-x64 with libbpf, libelf and zlib inside. Everything is kept in .cache/prebuild under a
 * hash of what it was made from, so only the first run fetches and builds.
 *
 * Gives the folder: `ebpm_loader.node`, `sources.json`, and in `relink/` what LGPL 3 section 4 d asks for: the objects and the
 * libraries, with a script that links them again.
 */
export function prebuild() {
  requireLinuxX64('the prebuilt addon');
  ensureDebianPackages(['build', 'prebuild']);
  const libraries = prebuildLibraries();
  const result = cached(`addon-${addonKey(libraries)}`, (folder) => makeAddon(libraries, folder));
  checkAddon(join(result, 'ebpm_loader.node'));
  return result;
}

/** The part of `prebuild` that needs no npm packages: libbpf, libelf and zlib. Gives their folder. */
function prebuildLibraries() {
  return cached(`libraries-${librariesKey()}`, makeLibraries);
}

function librariesKey() {
  const scripts = ['sources', 'debian-sources', 'static-libraries'].map((name) => `scripts/prebuild/${name}.mjs`);
  return keyOf(scripts.map(read));
}

/** Leaves the three archives, their headers, and the source of libelf, which is under the LGPL. */
function makeLibraries(folder) {
  const work = join(folder, 'work');
  mkdirSync(work);
  const sources = fetchSources(work);
  buildLibraries(sources, folder);
  const libelf = sources.find(({ library }) => library === 'libelf');
  cpSync(libelf.download, join(folder, 'libelf-source'), { recursive: true });
  const used = sources.map(({ library, source, debianVersion }) => ({ library, source, version: debianVersion }));
  writeFileSync(join(folder, 'sources.json'), `${JSON.stringify(used, null, 2)}\n`);
  rmSync(work, { recursive: true });
}

function addonKey(libraries) {
  const files = filesIn('packages/loader/native');
  const { version } = createRequire(import.meta.url)('node-addon-api/package.json');
  return keyOf([
    libraries,
    version,
    ...['packages/loader/binding.gyp', RELINK, 'scripts/prebuild.mjs', ...files].map(read),
  ]);
}

/** The addon is what the script for linking it again makes of the objects: so that one is known to work. */
function makeAddon(libraries, folder) {
  const relink = join(folder, 'relink');
  const objects = join(buildStaticAddon(libraries, join(folder, 'build')), 'obj.target/ebpm_loader/native');
  mkdirSync(join(relink, 'objects'), { recursive: true });
  for (const path of filesIn(objects).filter((path) => path.endsWith('.o')))
    cpSync(path, join(relink, 'objects', relative(objects, path).replaceAll('/', '-')));
  for (const name of ['libbpf.a', 'libelf.a', 'libeu.a', 'libz.a'])
    cpSync(join(libraries, 'lib', name), join(relink, name));
  cpSync(join(libraries, 'libelf-source'), join(relink, 'libelf-source'), { recursive: true });
  cpSync(join(libraries, 'sources.json'), join(folder, 'sources.json'));
  cpSync(join(ROOT, RELINK), join(relink, 'relink.sh'));
  runStep('sh', [join(relink, 'relink.sh'), join(folder, 'ebpm_loader.node')]);
  rmSync(join(folder, 'build'), { recursive: true });
}

/** Gives a folder of the cache, made by `make` when it is missing; what a run that broke off left is made anew. */
function cached(name, make) {
  const target = join(CACHE, name);
  if (existsSync(target)) return target;
  mkdirSync(CACHE, { recursive: true });
  const partial = mkdtempSync(`${target}.partial-`);
  try {
    make(partial);
    renameSync(partial, target);
  } finally {
    rmSync(partial, { recursive: true, force: true });
  }
  return target;
}

/** The files in a folder and below it, always in the same order. */
function filesIn(folder) {
  const entries = readdirSync(resolve(ROOT, folder), { recursive: true, withFileTypes: true });
  return entries
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name))
    .sort();
}

function keyOf(parts) {
  const hash = createHash('sha256');
  for (const part of parts) hash.update(createHash('sha256').update(part).digest());
  return hash.digest('hex').slice(0, 16);
}

function read(path) {
  return readFileSync(resolve(ROOT, path));
}

if (process.argv[1] === new URL(import.meta.url).pathname) {
  if (process.argv[2] === 'libraries') prebuildLibraries();
  else prebuild();
}
