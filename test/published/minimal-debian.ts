import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readdirSync, renameSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { ROOT } from '../kernels/installation.js';

/** A C and a C++ library, a shell and coreutils, with what these need: no compiler, no headers, no libbpf, no Node. */
const PACKAGES = [
  ...['base-files', 'dash', 'coreutils', 'libc6', 'libgcc-s1', 'libstdc++6'],
  ...['libacl1', 'libattr1', 'libgmp10', 'libselinux1', 'libpcre2-8-0'],
];

/** The folder of a minimal Debian, made of its packages once and kept; nothing in it has been run. */
export function minimalDebian(): string {
  const folder = join(ROOT, '.cache/minimal-debian');
  if (existsSync(folder)) return folder;
  mkdirSync(join(ROOT, '.cache'), { recursive: true });
  const partial = mkdtempSync(`${folder}.partial-`);
  try {
    // apt checks them against the signed index.
    execFileSync('apt-get', ['download', '-q', ...PACKAGES], { cwd: partial, stdio: ['ignore', 'ignore', 'inherit'] });
    const system = join(partial, 'system');
    for (const file of readdirSync(partial)) execFileSync('dpkg-deb', ['--extract', join(partial, file), system]);
    renameSync(system, folder);
  } finally {
    rmSync(partial, { recursive: true, force: true });
  }
  return folder;
}
