import {
  closeSync,
  constants,
  fstatSync,
  mkdirSync,
  openSync,
  readdirSync,
  readSync,
  renameSync,
  rmSync,
  statSync,
  writeSync,
} from 'node:fs';
import { dirname, join } from 'node:path';
import { isOurs } from '../background/runs-folder.js';
import { AUDIT_FILE_MAX_BYTES, AUDIT_FILES_KEPT } from '../limits.js';
import { type AuditPlace, auditFile } from './audit-place.js';

/** An audit log that is open: what is written later needs no right any more. */
export interface AuditFile {
  /** Appends a line in one write, so that lines of several processes do not mix. @throws the system's error */
  append(line: string): void;
  close(): void;
}

/**
 * Opens the audit log, for appending alone. Nobody else may read it. A file that has grown large is kept beside it under the time of that moment, and the
 * oldest of those are removed.
 *
 * @throws Error with what is wrong with the place, or the system's own
 */
export function openAuditFile(place: AuditPlace, maxBytes = AUDIT_FILE_MAX_BYTES): AuditFile {
  makeFolder(place.folder, place.isSystem ? 0o700 : 0o755);
  if (place.isSystem && !isOurs(place.folder)) throw new Error(`others may write into "${place.folder}"`);
  let fd = openChecked(auditFile(place));
  if (fstatSync(fd).size >= maxBytes) {
    putAside(place, fd);
    closeSync(fd);
    fd = openChecked(auditFile(place));
  }
  return {
    append: (line) => {
      const text = Buffer.from(`${endsMidway(fd) ? '\n' : ''}${line}\n`);
      const written = writeSync(fd, text);
      if (written < text.length) throw new Error('the disk is full');
    },
    close: () => closeSync(fd),
  };
}

/** Node's own `recursive` says of a folder that is not writable that it is not there. */
function makeFolder(path: string, mode: number): void {
  try {
    mkdirSync(path, { mode });
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === 'EEXIST') return;
    if (code !== 'ENOENT' || path === dirname(path)) throw error;
    makeFolder(dirname(path), 0o755);
    mkdirSync(path, { mode });
  }
}

/** What somebody else has put there is not written to, a link not followed, a FIFO not waited for. */
function openChecked(path: string): number {
  const { O_RDWR, O_APPEND, O_CREAT, O_NOFOLLOW, O_NONBLOCK } = constants;
  const fd = openSync(path, O_RDWR | O_APPEND | O_CREAT | O_NOFOLLOW | O_NONBLOCK, 0o600);
  const stat = fstatSync(fd);
  const problem = !stat.isFile()
    ? 'it is not a regular file'
    : stat.uid !== process.geteuid?.()
      ? `it belongs to the user ${stat.uid}`
      : undefined;
  if (problem === undefined) return fd;
  closeSync(fd);
  throw new Error(problem);
}

/** Another process may have put it aside a moment ago: then what has the name now is not what was opened. */
function putAside(place: AuditPlace, fd: number): void {
  const path = auditFile(place);
  if (statSync(path, { throwIfNoEntry: false })?.ino !== fstatSync(fd).ino) return;
  const time = new Date().toISOString().replaceAll(':', '');
  renameSync(path, join(place.folder, `audit-${time}-${process.pid}.ndjson`));
  const old = readdirSync(place.folder).filter((name) => /^audit-.*\.ndjson$/.test(name));
  for (const name of old.sort().slice(0, -AUDIT_FILES_KEPT)) rmSync(join(place.folder, name), { force: true });
}

/** Whether the last line was cut, by a disk that was full. */
function endsMidway(fd: number): boolean {
  const { size } = fstatSync(fd);
  const last = Buffer.alloc(1);
  return size > 0 && readSync(fd, last, 0, 1, size - 1) === 1 && last[0] !== NEWLINE;
}

const NEWLINE = 0x0a;
