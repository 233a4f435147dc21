import { access, constants } from 'node:fs/promises';
import { join } from 'node:path';
import { EbpmError } from '@ebpm/formats';

/** The programs of the host that the lab uses, each with the Debian package that has it. */
export const HOST_TOOLS = {
  'qemu-system-x86_64': 'qemu-system-x86',
  busybox: 'busybox-static',
  bpftool: 'bpftool',
  setpriv: 'util-linux',
  flock: 'util-linux',
  ldconfig: 'libc-bin',
  'apt-get': 'apt',
  'apt-cache': 'apt',
  'dpkg-deb': 'dpkg',
} as const;

/** A program of the host that the lab uses. */
export type HostTool = keyof typeof HOST_TOOLS;

/** Where they are looked for: fixed, since a user's PATH lacks sbin, where Debian keeps bpftool, and may hold anything under sudo. */
const DIRECTORIES = ['/usr/local/sbin', '/usr/local/bin', '/usr/sbin', '/usr/bin', '/sbin', '/bin'];

/**
 * Finds programs of the host; `directories` are searched in order.
 * @throws EBPM_LAB_TOOL_MISSING naming all that are missing
 */
export async function findTools<T extends HostTool>(
  names: readonly T[],
  directories: readonly string[] = DIRECTORIES,
): Promise<Record<T, string>> {
  const found = await Promise.all(names.map(async (name) => [name, await find(name, directories)] as const));
  const missing = found.filter(([, path]) => path === undefined).map(([name]) => name);
  if (missing.length > 0) throw missingTools(missing);
  return Object.fromEntries(found) as Record<T, string>;
}

async function find(name: string, directories: readonly string[]): Promise<string | undefined> {
  for (const directory of directories) {
    const path = join(directory, name);
    const executable = await access(path, constants.X_OK).then(
      () => true,
      () => false,
    );
    if (executable) return path;
  }
  return undefined;
}

function missingTools(names: readonly HostTool[]): EbpmError {
  const packages = [...new Set(names.map((name) => HOST_TOOLS[name]))];
  return new EbpmError(
    'EBPM_LAB_TOOL_MISSING',
    `Cannot use the lab: ${names.map((name) => JSON.stringify(name)).join(', ')} not found`,
    { hint: `sudo apt-get install ${packages.join(' ')}`, data: { tools: names, packages } },
  );
}
