import { spawnSync } from 'node:child_process';
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { runStep, say } from '../run-step.mjs';
import { ARCHIVE, SOURCES } from './sources.mjs';

/**
 * Downloads and unpacks the source packages into `folder`, with a sources list and a state of apt that are its own: the
 * system's apt is not changed, and no root is needed. Gives each library's folder and exact version.
 */
export function fetchSources(folder) {
  const names = SOURCES.map(({ source, version }) => `${source} ${version}`).join(', ');
  say(`Fetching Debian's source packages of ${names} from deb.debian.org (14 MB, and 21 MB of indexes)`);
  const apt = privateApt(folder);
  apt(['update', '-q']);
  return SOURCES.map((row) => ({ ...row, ...fetchSource(apt, folder, row) }));
}

function fetchSource(apt, folder, { source, suite, version }) {
  const download = join(folder, source);
  mkdirSync(download);
  apt(['source', '-q', '--download-only', `${source}/${suite}`], download);
  const [dsc] = readdirSync(download).filter((name) => name.endsWith('.dsc'));
  const debianVersion = /^Version: (.+)$/m.exec(readFileSync(join(download, dsc), 'utf8'))[1];
  // An epoch before, Debian's additions to upstream's version after.
  if (!new RegExp(`^(\\d+:)?${version.replaceAll('.', '\\.')}(?![\\d.])`).test(debianVersion.replace('.dfsg', '-'))) {
    say(
      `Debian ${suite} has ${source} ${debianVersion}, and ${version} is expected: change scripts/prebuild/sources.mjs`,
    );
    process.exit(1);
  }
  const path = join(folder, `${source}-source`);
  // apt has compared every file with the signed index; the signature of the uploader says nothing more.
  runStep('dpkg-source', ['--no-check', '--extract', join(download, dsc), path], { stdio: ['ignore', 'ignore', 2] });
  return { debianVersion, download, path };
}

/** Runs apt-get with all that it reads and writes in `folder`, the system's settings (a proxy, say) aside. */
function privateApt(folder) {
  const list = join(folder, 'sources.list');
  const suites = [...new Set(SOURCES.map(({ suite }) => suite))];
  const lines = suites.flatMap((suite) =>
    ARCHIVE.repositories.map(([url, suffix]) => `deb-src [signed-by=${ARCHIVE.key}] ${url} ${suite}${suffix} main\n`),
  );
  writeFileSync(list, lines.join(''));
  const settings = {
    'Dir::Etc::SourceList': list,
    'Dir::Etc::SourceParts': '/dev/null',
    'Dir::State': join(folder, 'state'),
    'Dir::State::status': '/dev/null',
    'Dir::Cache': join(folder, 'cache'),
    // As root apt would become a user who cannot write here.
    'APT::Sandbox::User': '',
  };
  for (const path of ['state/lists/partial', 'cache/archives/partial'])
    mkdirSync(join(folder, path), { recursive: true });
  const options = Object.entries(settings).flatMap(([name, value]) => ['-o', `${name}=${value}`]);
  return (args, cwd = folder) => {
    const { status } = spawnSync('apt-get', [...options, ...args], { cwd, stdio: ['ignore', 2, 2] });
    if (status === 0) return;
    say(
      `Cannot fetch Debian's source packages: "apt-get ${args.join(' ')}" failed. It needs deb.debian.org and ${ARCHIVE.key}`,
    );
    process.exit(1);
  };
}
