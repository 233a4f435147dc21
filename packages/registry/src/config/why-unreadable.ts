import { isErrno } from '../stores/local-error.js';

/** Why a file could not be read, in words that read on from "Cannot read FILE: ". */
export function whyUnreadable(error: unknown): string {
  if (isErrno(error, 'ENOENT')) return 'it does not exist';
  if (isErrno(error, 'ENOTDIR')) return 'what its path leads through is no directory';
  if (isErrno(error, 'EISDIR')) return 'it is a directory';
  if (isErrno(error, 'EACCES', 'EPERM')) return 'the user of this process may not read it';
  return error instanceof Error ? error.message : String(error);
}
