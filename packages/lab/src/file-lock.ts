import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { findTools } from './host-tools.js';
import { ToolFailure } from './run-tool.js';

/** An exclusive lock on a file, held against other processes. */
export interface FileLock {
  /** Lets others in; safe to call twice. */
  close(): Promise<void>;
}

/**
 * Waits for an exclusive lock on the file at `path`, which is made when missing.
 *
 * Node has no flock(2). A child of util-linux's `flock` holds the lock until its stdin ends, so the kernel gives the lock
 * back whatever way this process dies, and there is no stale lock to guess about.
 * @throws EBPM_LAB_TOOL_MISSING; ToolFailure; the signal's reason when aborted
 */
export async function lockFile(path: string, signal?: AbortSignal): Promise<FileLock> {
  const { flock } = await findTools(['flock']);
  signal?.throwIfAborted();
  const holder = spawn(flock, ['--exclusive', path, '/bin/sh', '-c', 'echo locked; cat'], {
    // Its own process group: Ctrl-C in a terminal must not take the lock away while this process cleans up.
    detached: true,
    stdio: ['pipe', 'pipe', 'ignore'],
  });
  const exited = once(holder, 'exit');
  const give = (): void => void holder.kill();
  signal?.addEventListener('abort', give, { once: true });
  try {
    await Promise.race([once(holder.stdout, 'data'), exited.then(() => Promise.reject(refused(path)))]);
  } catch (error) {
    signal?.throwIfAborted();
    throw error;
  } finally {
    signal?.removeEventListener('abort', give);
  }
  return {
    async close() {
      holder.stdin.end();
      await exited;
    },
  };
}

function refused(path: string): ToolFailure {
  return new ToolFailure(`"flock" could not lock ${JSON.stringify(path)}`);
}
