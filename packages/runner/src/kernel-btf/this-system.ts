import { readFileSync } from 'node:fs';
import { machine, release } from 'node:os';

/** What tells a kernel's BTF from another's, in an archive that has many. */
export interface SystemNames {
  /** ID and VERSION_ID of os-release; undefined where there is none. */
  readonly distribution: string | undefined;
  readonly version: string | undefined;
  /** As `uname -m` and `uname -r` print them. */
  readonly machine: string;
  readonly release: string;
}

/** @see https://www.freedesktop.org/software/systemd/man/255/os-release.html */
const OS_RELEASE = ['/etc/os-release', '/usr/lib/os-release'];

/** The system that this process runs on. */
export function thisSystem(): SystemNames {
  const text = OS_RELEASE.map(readIfThere).find((content) => content !== undefined) ?? '';
  return {
    distribution: osReleaseValue(text, 'ID'),
    version: osReleaseValue(text, 'VERSION_ID'),
    machine: machine(),
    release: release(),
  };
}

/** A value of os-release, whose quotes are those of a shell. */
export function osReleaseValue(text: string, key: string): string | undefined {
  const line = text.split('\n').findLast((candidate) => candidate.startsWith(`${key}=`));
  return line
    ?.slice(key.length + 1)
    .trim()
    .replace(/^(["'])(.*)\1$/, '$2');
}

function readIfThere(path: string): string | undefined {
  try {
    return readFileSync(path, 'utf8');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw error;
  }
}
