import {
  closeSync,
  constants,
  existsSync,
  mkdirSync,
  openSync,
  readdirSync,
  readSync,
  rmdirSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { EbpmError } from '@ebpm/formats';
import { startTicks } from '@ebpm/loader';
import { TRACE_TURN_MAX_BYTES } from '../limits.js';

/** Where tracefs is mounted; the second is where debugfs shows it. */
const TRACEFS: readonly string[] = ['/sys/kernel/tracing', '/sys/kernel/debug/tracing'];
/** `bpf_trace_printk` fires this event, which every instance that turns it on gets a copy of. */
const EVENT = 'events/bpf_trace/bpf_trace_printk/enable';
const NAME = /^ebpm-(\d{1,7})-(\d{1,20})$/;

/**
 * A tracefs instance of our own: buffers that nobody else reads or clears, in which only `bpf_printk` is recorded. Its name has the
 * process and the time when it started, so that those of processes that were killed can be told and removed.
 */
export class TraceInstance {
  readonly path: string;
  #pipe: number | undefined;

  private constructor(path: string, pipe: number) {
    this.path = path;
    this.#pipe = pipe;
  }

  /** Makes it, and removes those that are left over. @throws EBPM_TRACE_UNREADABLE */
  static open(folders: readonly string[] = TRACEFS): TraceInstance {
    const tracefs = folders.find((folder) => existsSync(join(folder, 'instances')));
    if (tracefs === undefined) throw unreadable('tracefs is not mounted', MOUNT_HINT);
    const instances = join(tracefs, 'instances');
    removeLeftOver(instances);
    const path = join(instances, `ebpm-${process.pid}-${startTicks(process.pid) ?? 0}`);
    try {
      mkdirSync(path, { recursive: true });
      const pipe = openSync(join(path, 'trace_pipe'), constants.O_RDONLY | constants.O_NONBLOCK);
      writeFileSync(join(path, EVENT), '1');
      return new TraceInstance(path, pipe);
    } catch (error) {
      remove(path);
      if (error instanceof Error && 'code' in error)
        throw unreadable(error.message, 'Linux 5.9 or newer is needed', error);
      throw error;
    }
  }

  /** What was printed since the last call, whole lines, at most about 1 MiB; empty where there was nothing. */
  read(): string {
    if (this.#pipe === undefined) return '';
    const chunk = new Uint8Array(CHUNK_BYTES);
    const text = new TextDecoder();
    let all = '';
    for (let total = 0; total < TRACE_TURN_MAX_BYTES; ) {
      const got = readOrNothing(this.#pipe, chunk);
      if (got === 0) break;
      total += got;
      all += text.decode(chunk.subarray(0, got), { stream: true });
    }
    return all;
  }

  /** Removes it, where that is still permitted: otherwise a helper does, or the next run. Safe to call twice. */
  close(): void {
    if (this.#pipe === undefined) return;
    closeSync(this.#pipe);
    this.#pipe = undefined;
    remove(this.path);
  }
}

/** The kernel gives whole lines, at most a page of them at a time. */
const CHUNK_BYTES = 64 * 1024;
const MOUNT_HINT = 'mount -t tracefs tracefs /sys/kernel/tracing';

/** An instance whose process still runs has an open pipe and cannot be removed, whoever looks, so a mistake here harms nobody. */
function removeLeftOver(instances: string): void {
  for (const name of readdirSync(instances)) {
    const [, pid, start] = NAME.exec(name) ?? [];
    if (pid !== undefined && startTicks(Number(pid)) !== start) remove(join(instances, name));
  }
}

function remove(path: string): void {
  try {
    rmdirSync(path);
  } catch (error) {
    // Gone already, in use, or no longer ours to remove.
    if (!(error instanceof Error && 'code' in error)) throw error;
  }
}

function readOrNothing(pipe: number, chunk: Uint8Array): number {
  try {
    return readSync(pipe, chunk);
  } catch (error) {
    if (error instanceof Error && 'code' in error && (error.code === 'EAGAIN' || error.code === 'EINTR')) return 0;
    throw error;
  }
}

function unreadable(reason: string, hint: string, cause?: unknown): EbpmError {
  const message = `Cannot show what the program prints with bpf_printk: ${reason}`;
  return new EbpmError('EBPM_TRACE_UNREADABLE', message, { hint, cause });
}
