import { describe, expect, it } from 'vitest';
import { OpenFiles } from '../../src/wasi/open-files.js';

const PREOPENS = ['/one', '/two'].map((guestPath, fd) => ({ guestPath, fd: 100 + fd, writable: false }));

describe('OpenFiles', () => {
  it('OpenFiles.preopenAt() says which folder that the guest was given its descriptor is', () => {
    const files = new OpenFiles(PREOPENS);
    expect([0, 1, 2, 3, 4, 5, -1].map((fd) => files.preopenAt(fd))).toEqual([
      ...[undefined, undefined, undefined],
      ...[0, 1],
      ...[undefined, undefined],
    ]);
  });

  it('OpenFiles.preopenAt() follows a folder to another descriptor, and knows none that is closed or was opened later', () => {
    const files = new OpenFiles(PREOPENS);
    files.renumber(3, 1);
    files.remove(4);
    expect([1, 3, 4].map((fd) => files.preopenAt(fd))).toEqual([0, undefined, undefined]);
    const opened = { kind: 'directory', fd: 7, guestPath: undefined, preopen: undefined } as const;
    expect(files.preopenAt(files.add({ ...opened, rights: 0n, inheriting: 0n, flags: 0 }))).toBeUndefined();
  });
});
