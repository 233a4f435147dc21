import { spawnSync } from 'node:child_process';
import { statSync } from 'node:fs';
import { createRequire } from 'node:module';
import { say } from '../run-step.mjs';

/** What the prebuilt addon promises: it loads wherever Node's own binaries do, and needs nothing that they do not need. */
const MOST = {
  sizeBytes: 1_000_000,
  /** Node's binaries of 20, 22 and 24 need this one too, and RHEL 8 has it. */
  glibc: '2.28',
  libraries: ['libc.so.6', 'ld-linux-x86-64.so.2'],
};

/** Ends with what is wrong where the addon breaks a promise; else says what it is. */
export function checkAddon(path) {
  const sizeBytes = statSync(path).size;
  const symbols = glibcSymbols(path);
  const glibc = symbols.map(({ version }) => version).reduce((a, b) => (newer(b, a) ? b : a));
  const tooNew = symbols.filter(({ version }) => newer(version, MOST.glibc));
  const needed = [...output('readelf', ['-dW', path]).matchAll(/\(NEEDED\).*\[(.+)\]/g)].map((match) => match[1]);
  const sections = output('readelf', ['-SW', path]);
  const addon = createRequire(import.meta.url)(path);
  const problems = [
    ...(sizeBytes > MOST.sizeBytes ? [`it has ${sizeBytes} bytes, at most ${MOST.sizeBytes} are wanted`] : []),
    ...tooNew.map(
      ({ name, version }) =>
        `it needs "${name}" of glibc ${version}, at most ${MOST.glibc} is wanted: give it an old one in native/old-glibc.c`,
    ),
    ...needed.filter((name) => !MOST.libraries.includes(name)).map((name) => `it needs ${name}`),
    ...(/\.symtab|\.debug_/.test(sections) ? ['it is not stripped'] : []),
    ...(addon.libbpfLinkage() === 'static' ? [] : [`libbpf is "${addon.libbpfLinkage()}" in it`]),
  ];
  if (problems.length > 0) {
    say(`The prebuilt addon is not what it should be:\n${problems.join('\n')}`);
    process.exit(1);
  }
  say(`${path}: ${sizeBytes} bytes, libbpf ${addon.libbpfVersion()} inside, needs glibc ${glibc}`);
}

/** The symbols of glibc that the file asks for, each with the version that first had it. */
function glibcSymbols(path) {
  const lines = output('objdump', ['-T', path]).matchAll(/\(?GLIBC_([\d.]+)\)?\s+(\S+)$/gm);
  return [...lines].map(([, version, name]) => ({ name, version }));
}

function newer(version, other) {
  const [a, b] = [version, other].map((text) => text.split('.').map(Number));
  return a[0] !== b[0]
    ? a[0] > b[0]
    : (a[1] ?? 0) !== (b[1] ?? 0)
      ? (a[1] ?? 0) > (b[1] ?? 0)
      : (a[2] ?? 0) > (b[2] ?? 0);
}

function output(command, args) {
  const { status, stdout } = spawnSync(command, args, { encoding: 'utf8' });
  if (status !== 0) throw new Error(`${command} ${args.join(' ')} ended with ${status}`);
  return stdout;
}
