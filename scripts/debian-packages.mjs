import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { say } from './run-step.mjs';

/** The Debian packages that each part of the work needs. */
export const DEBIAN_PACKAGES = {
  build: ['ca-certificates', 'g++', 'make', 'python3', 'pkg-config', 'libbpf-dev', 'libelf-dev', 'zlib1g-dev'],
  // Unpacks the source packages of what is inside the prebuilt addon.
  prebuild: ['dpkg-dev'],
  compile: ['clang', 'llvm', 'bpftool', 'lld', 'wasi-libc', 'libclang-rt-dev-wasm32'],
  lab: ['qemu-system-x86', 'busybox-static', 'bpftool'],
  s3: ['ceph-mon', 'ceph-mgr', 'ceph-osd', 'radosgw', 'ceph-common', 'uuid-runtime'],
  // The unit tests look at archives, and at TLS with certificates of their own.
  unit: ['cpio', 'openssl'],
  // The other tests look at system calls, and at what a terminal shows.
  test: ['strace', 'bsdutils'],
  // Beside what the registry is measured, and with what.
  bench: ['bpftrace', 'wrk', 'nginx-light'],
  differential: ['bpftrace', 'libbpf-tools'],
};

/** Installs what is missing of these parts, having named it; without apt or root it says what to type and stops. */
export function ensureDebianPackages(parts) {
  const wanted = new Set(parts.flatMap((part) => DEBIAN_PACKAGES[part]));
  const missing = [...wanted].filter((name) => !isInstalled(name));
  if (missing.length === 0) return;
  say(`Missing Debian packages: ${missing.join(' ')}`);
  const become = elevation();
  if (become === undefined) {
    say(`Install them, then run this command again:\n  ${installCommand(missing)}`);
    process.exit(1);
  }
  say('Installing them with apt-get');
  const options = { stdio: ['ignore', 2, 2], env: { ...process.env, DEBIAN_FRONTEND: 'noninteractive' } };
  const apt = (args) => spawnSync(become[0] ?? 'apt-get', [...become.slice(1), ...args], options).status;
  apt(['update', '-q']);
  if (apt(['install', '-q', '-y', '--no-install-recommends', ...missing]) === 0) return;
  say(
    `apt-get could not install them. Install them by hand, then run this command again:\n  ${installCommand(missing)}`,
  );
  process.exit(1);
}

function isInstalled(name) {
  const query = spawnSync('dpkg-query', ['-W', '-f', '$' + '{db:Status-Status}', name], { encoding: 'utf8' });
  return query.stdout === 'installed';
}

/** How apt-get is started here: as root directly, else through a sudo that answers, else not at all. */
function elevation() {
  if (!existsSync('/usr/bin/apt-get')) return undefined;
  if (process.getuid() === 0) return ['apt-get'];
  const interactive = process.stdin.isTTY === true;
  const sudo = interactive
    ? spawnSync('sudo', ['-v'], { stdio: 'inherit' })
    : spawnSync('sudo', ['-n', 'true'], { stdio: 'ignore' });
  return sudo.status === 0 ? ['sudo', 'apt-get'] : undefined;
}

function installCommand(names) {
  return `sudo apt-get update && sudo apt-get install --no-install-recommends ${names.join(' ')}`;
}
