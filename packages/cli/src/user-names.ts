import { closeSync, openSync, readSync } from 'node:fs';

/** /etc/passwd of the largest machines has some thousand lines; names beyond this are not seen. */
const PASSWD_LIMIT = 1024 * 1024;

/**
 * The names of this machine's users, from a file like passwd(5) that is read when the first name is asked for. Users of a directory service
 * have none there, and stay numbers.
 */
export function userNames(path = '/etc/passwd'): (uid: number) => string | undefined {
  let names: ReadonlyMap<number, string> | undefined;
  return (uid) => {
    names ??= readNames(path);
    return names.get(uid);
  };
}

function readNames(path: string): ReadonlyMap<number, string> {
  const names = new Map<number, string>();
  for (const line of readStart(path).split('\n')) {
    const [name = '', , uid = ''] = line.split(':');
    if (name !== '' && /^\d+$/.test(uid) && !names.has(Number(uid))) names.set(Number(uid), name);
  }
  return names;
}

/** What cannot be read has no names: they are a convenience, and the numbers are there. */
function readStart(path: string): string {
  let file: number;
  try {
    file = openSync(path, 'r');
  } catch {
    return '';
  }
  try {
    const bytes = Buffer.alloc(PASSWD_LIMIT);
    return bytes.toString('utf8', 0, readSync(file, bytes));
  } catch {
    return '';
  } finally {
    closeSync(file);
  }
}
