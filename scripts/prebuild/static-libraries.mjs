import { copyFileSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { runStep, say } from '../run-step.mjs';

/** Debian's own static libraries are not position independent, and so cannot go into a shared object. */
const CFLAGS = '-O2 -fPIC';

/** Builds the libraries, in the order in which they need each other, into `prefix`, as pkg-config's "libbpf". */
export function buildLibraries(sources, prefix) {
  for (const folder of ['lib/pkgconfig', 'include']) mkdirSync(join(prefix, folder), { recursive: true });
  for (const { library, debianVersion, path } of sources) {
    say(`Building ${library} ${debianVersion}`);
    BUILDS[library](path, prefix);
  }
  writeFileSync(join(prefix, 'lib/pkgconfig/libbpf.pc'), pkgConfig(sources));
}

const BUILDS = {
  zlib(source, prefix) {
    run('./configure', ['--static', `--prefix=${prefix}`], source);
    make(['libz.a'], source);
    for (const name of ['zlib.h', 'zconf.h']) copyFileSync(join(source, name), join(prefix, 'include', name));
    copyFileSync(join(source, 'libz.a'), join(prefix, 'lib/libz.a'));
  },
  libelf(source, prefix) {
    const without = ['zstd', 'bzlib', 'lzma'].map((name) => `--without-${name}`);
    const disabled = ['debuginfod', 'libdebuginfod', 'demangler', 'nls'].map((name) => `--disable-${name}`);
    const paths = [`CPPFLAGS=-I${join(prefix, 'include')}`, `LDFLAGS=-L${join(prefix, 'lib')}`];
    run('./configure', ['--quiet', ...without, ...disabled, ...paths], source);
    make(['-C', 'lib'], source);
    make(['-C', 'libelf', 'libelf.a'], source);
    for (const name of ['libelf.h', 'gelf.h', 'nlist.h'])
      copyFileSync(join(source, 'libelf', name), join(prefix, 'include', name));
    copyFileSync(join(source, 'libelf/libelf.a'), join(prefix, 'lib/libelf.a'));
    // What libelf shares with the rest of elfutils.
    copyFileSync(join(source, 'lib/libeu.a'), join(prefix, 'lib/libeu.a'));
  },
  libbpf(source, prefix) {
    const flags = `CFLAGS=${CFLAGS} -I${join(prefix, 'include')}`;
    const folders = [`PREFIX=${prefix}`, `LIBDIR=${join(prefix, 'lib')}`];
    make(['-C', 'src', 'BUILD_STATIC_ONLY=1', 'NO_PKG_CONFIG=1', flags, ...folders, 'install'], source);
  },
};

/** What binding.gyp asks for: all three, where the linker finds nothing but the static ones. */
function pkgConfig(sources) {
  const { version } = sources.find(({ library }) => library === 'libbpf');
  return `prefix=\${pcfiledir}/../..
Name: libbpf
Description: libbpf with all that it needs
Version: ${version}
Libs: -L\${prefix}/lib -lbpf -lelf -leu -lz
Cflags: -I\${prefix}/include
`;
}

function make(args, cwd) {
  run('make', ['--silent', '-j2', ...args], cwd);
}

/** What the builds say of their warnings is theirs; it is shown when one fails. */
function run(command, args, cwd) {
  runStep(command, args, { cwd, env: { ...process.env, CFLAGS }, stdio: ['ignore', 'ignore', 2] });
}
