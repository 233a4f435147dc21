import type { Readable } from 'node:stream';
import { EbpmError } from '@ebpm/formats';
import type { KernelVersion } from './kernels.js';
import type { LabProgress } from './lab-progress.js';
import { MAX_COMMAND_BYTES, MAX_DEADLINE_MS } from './limits.js';

/** Takes a piece of output. Until a promise that it returns is settled, the guest waits with more of this stream. */
export type OutputCallback = (chunk: Uint8Array) => void | Promise<void>;

/** What to run in which kernel. */
export interface LabOptions {
  readonly kernel: KernelVersion;
  /** Where kernels are kept; made when missing. */
  readonly cacheDir: string;
  /** Program and arguments, with no shell in between; the program is looked up in the guest's PATH. */
  readonly command: readonly string[];
  /** Variables added to the guest's PATH, HOME and LANG. Nothing of the host's environment goes in. */
  readonly env?: Readonly<Record<string, string>> | undefined;
  /**
   * Files for the guest, by absolute guest path: bytes (mode 0755), or the path of a file or folder of the host (modes kept, links
   * followed). At most 512 MiB and 65,536 entries.
   */
  readonly files?: Readonly<Record<string, Uint8Array | string>> | undefined;
  /**
   * `closure` (the default): the shared libraries that ELF files among `files` need are put in too, from the host. `none`: only
   * those of node and bpftool.
   */
  readonly libraries?: 'closure' | 'none' | undefined;
  /** Whether this machine's node is put in as `/usr/bin/node`; default: yes. */
  readonly node?: boolean | undefined;
  /** Guest paths of files to bring back when the command has ended; at most 256 MiB together. */
  readonly results?: readonly string[] | undefined;
  /** Time for the command in ms, from its start; default: none. The boot has its own limit of 120 s. */
  readonly deadlineMs?: number | undefined;
  /** The command's stdin; default: empty. A stream is paused at the end and stays the caller's. */
  readonly stdin?: Uint8Array | Readable | undefined;
  readonly onStdout?: OutputCallback | undefined;
  readonly onStderr?: OutputCallback | undefined;
  readonly onProgress?: ((progress: LabProgress) => void) | undefined;
  /** When aborted, the command's process group gets SIGINT, as from Ctrl-C; at once if it has not started yet. */
  readonly interrupt?: AbortSignal | undefined;
  /** When aborted, the guest is switched off and the run rejects with the signal's reason. */
  readonly signal?: AbortSignal | undefined;
}

/**
 * Refuses options that cannot be handed to a guest.
 * @throws EBPM_LAB_INPUT_INVALID
 */
export function checkOptions(options: LabOptions): void {
  const { command, env = {}, files = {}, results = [], deadlineMs } = options;
  if (command.length === 0) throw invalid('Cannot run an empty command: give a program');
  for (const path of [...Object.keys(files), ...results]) checkGuestPath(path);
  for (const name of Object.keys(env)) {
    if (!/^[A-Za-z_][A-Za-z0-9_]*$/.test(name))
      throw invalid(`Cannot set variable ${quoted(name)}: use letters, digits and _`);
  }
  const words = [...command, ...Object.entries(env).flat()];
  if (words.some((word) => word.includes('\0')))
    throw invalid('Cannot run the command: an argument or variable holds a NUL');
  const sizeBytes = words.reduce((sum, word) => sum + Buffer.byteLength(word), 0);
  if (sizeBytes > MAX_COMMAND_BYTES) {
    throw invalid(
      `Cannot run the command: with its environment it has ${sizeBytes} bytes, at most ${MAX_COMMAND_BYTES} are taken`,
    );
  }
  if (deadlineMs !== undefined && !(deadlineMs > 0 && deadlineMs <= MAX_DEADLINE_MS)) {
    throw invalid(`Cannot use a deadline of ${deadlineMs} ms: give more than 0 and at most ${MAX_DEADLINE_MS}`);
  }
}

/** A guest path is absolute and normal, so that it means one place, and can stand in a list of lines. */
function checkGuestPath(path: string): void {
  const parts = path.split('/').slice(1);
  const normal = path.startsWith('/') && parts.every((part) => part !== '' && part !== '.' && part !== '..');
  // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is refused.
  if (!normal || /[\u0000-\u001f\u007f]/.test(path)) {
    throw invalid(`Cannot use guest path ${quoted(path)}: give an absolute path without "..", such as "/opt/tool"`);
  }
}

function quoted(text: string): string {
  return JSON.stringify(text);
}

function invalid(message: string): EbpmError {
  return new EbpmError('EBPM_LAB_INPUT_INVALID', message);
}
