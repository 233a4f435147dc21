import { closeSync, constants, fstatSync, ftruncateSync, openSync, writeSync } from 'node:fs';
import { open } from 'node:fs/promises';
import { EbpmError } from '@ebpm/formats';
import { actAs } from './act-as.js';
import type { InvokingUser } from './invoking-user.js';

/** A file that a recording is written into, and nothing else. */
export interface RecordingFile {
  /** Writes all of it before it returns, or nothing. Once it has failed it writes nothing any more. @throws EBPM_RECORD_FAILED once */
  write(parts: readonly Uint8Array[]): void;
  close(): void;
}

/**
 * Makes a file, or empties one that is there. Under sudo it is opened as the user who typed it: it becomes theirs, and root
 * follows no link for them. The last part of the path is never a link. Others may not read it, for events hold what people do.
 *
 * @throws EBPM_FILE_UNWRITABLE
 */
export function createRecordingFile(path: string, user: InvokingUser | undefined): RecordingFile {
  const fd = opened(path, user);
  let sizeBytes = 0;
  let hasFailed = false;
  return {
    write: (parts) => {
      // What is drained when the run ends for that reason is not another failure.
      if (hasFailed) return;
      const bytes = Buffer.concat(parts);
      try {
        writeAll(fd, bytes);
        sizeBytes += bytes.length;
      } catch (cause) {
        hasFailed = true;
        ftruncateSync(fd, sizeBytes);
        throw new EbpmError('EBPM_RECORD_FAILED', `Cannot record into "${path}": ${reasonOf(cause)}`, {
          cause,
          hint: `What came before is whole: ebpm replay ${path}`,
        });
      }
    },
    close: () => closeSync(fd),
  };
}

/**
 * The bytes of a recording, as they are read. Opening does not wait for a writer, so that a FIFO cannot hang a command.
 *
 * @throws EBPM_FILE_UNREADABLE
 */
export async function readRecordingFile(path: string): Promise<AsyncIterable<Uint8Array>> {
  try {
    const file = await open(path, constants.O_RDONLY | constants.O_NONBLOCK);
    if ((await file.stat()).isFile()) return file.createReadStream({ highWaterMark: CHUNK_BYTES });
    await file.close();
    throw new Error('it is not a regular file');
  } catch (cause) {
    throw new EbpmError('EBPM_FILE_UNREADABLE', `Cannot read "${path}": ${reasonOf(cause)}`, { cause });
  }
}

const CHUNK_BYTES = 256 * 1024;

function opened(path: string, user: InvokingUser | undefined): number {
  const { O_WRONLY, O_CREAT, O_NOFOLLOW, O_NONBLOCK } = constants;
  try {
    const fd = actAs(user, () => openSync(path, O_WRONLY | O_CREAT | O_NOFOLLOW | O_NONBLOCK, 0o600));
    if (fstatSync(fd).isFile()) {
      ftruncateSync(fd);
      return fd;
    }
    closeSync(fd);
    throw new Error('it is not a regular file');
  } catch (cause) {
    const isLink = cause instanceof Error && 'code' in cause && cause.code === 'ELOOP';
    const reason = isLink ? 'it is a symbolic link' : reasonOf(cause);
    throw new EbpmError('EBPM_FILE_UNWRITABLE', `Cannot record into "${path}": ${reason}`, { cause });
  }
}

function writeAll(fd: number, bytes: Uint8Array): void {
  for (let done = 0; done < bytes.length; ) done += writeSync(fd, bytes, done);
}

function reasonOf(cause: unknown): string {
  return cause instanceof Error ? cause.message : String(cause);
}
