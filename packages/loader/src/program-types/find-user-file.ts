import { existsSync } from 'node:fs';
import { join } from 'node:path';

/** Where programs and libraries lie on most systems; a package that means another place gives the whole path. */
const PROGRAMS = ['/usr/bin', '/usr/sbin', '/bin', '/sbin', '/usr/local/bin'];
const LIBRARIES = [
  '/lib/x86_64-linux-gnu',
  '/usr/lib/x86_64-linux-gnu',
  '/lib/aarch64-linux-gnu',
  '/usr/lib/aarch64-linux-gnu',
  '/usr/lib64',
  '/lib64',
  '/usr/lib',
  '/lib',
];

/** The path of a program or library; a name without a slash is looked for in the usual places. Undefined when it is nowhere. */
export function findUserFile(name: string): string | undefined {
  if (name.includes('/')) return existsSync(name) ? name : undefined;
  const folders = /\.so(\.|$)/.test(name) ? LIBRARIES : PROGRAMS;
  return folders.map((folder) => join(folder, name)).find(existsSync);
}
