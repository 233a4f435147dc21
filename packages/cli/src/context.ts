import { homedir } from 'node:os';
import { join } from 'node:path';
import { EbpmError } from '@ebpm/formats';
import { invokingUser } from './invoking-user.js';

/** The environment as strings. */
export type Environment = Readonly<Record<string, string | undefined>>;

/** Where text goes. */
export interface Output {
  /** Calls back once the text was taken, or cannot be any more. */
  write(chunk: string | Uint8Array, callback?: () => void): unknown;
  /** Bytes that wait to be taken. */
  readonly writableLength?: number;
  /** Only sockets, pipes and terminals have it: what is written to them may have to wait. */
  readonly connecting?: boolean;
  readonly isTTY?: boolean;
  /** Of a terminal. */
  readonly columns?: number;
  readonly rows?: number;
}

/** Everything that a command takes from the world around it, put together in one place. */
export interface Context {
  readonly env: Environment;
  readonly stdout: Output;
  readonly stderr: Output;
  /** Installed packages and configuration: `EBPM_HOME`, else the XDG data folder, under sudo the invoking user's. */
  readonly home: string;
  /** What can be made again: kernels, headers. */
  readonly cacheFolder: string;
  /** Whether the network is not to be used: `EBPM_OFFLINE`, or `--offline`. */
  readonly isOffline: boolean;
  /** What was told already and is to be told once. */
  readonly told: Set<string>;
  /** The registry's URL; undefined when none is configured. */
  readonly registry: string | undefined;
}

/** The composition root of the command line. */
export function createContext(env: Environment): Context {
  const person = invokingUser(env)?.home ?? env['HOME'] ?? homedir();
  return {
    env,
    stdout: process.stdout,
    stderr: process.stderr,
    home: folder(env['EBPM_HOME'], env['XDG_DATA_HOME'], join(person, '.local/share')),
    cacheFolder: folder(undefined, env['XDG_CACHE_HOME'], join(person, '.cache')),
    isOffline: (env['EBPM_OFFLINE'] || '0') !== '0',
    told: new Set(),
    registry: env['EBPM_REGISTRY'] || undefined,
  };
}

/** @see https://specifications.freedesktop.org/basedir-spec/0.8/ relative paths there are to be ignored */
function folder(own: string | undefined, xdg: string | undefined, fallback: string): string {
  if (own !== undefined && own !== '') {
    if (own.startsWith('/')) return own;
    throw new EbpmError('EBPM_USAGE_INVALID', `Cannot use EBPM_HOME "${own}": it is not an absolute path`);
  }
  return join(xdg?.startsWith('/') === true ? xdg : fallback, 'ebpm');
}
