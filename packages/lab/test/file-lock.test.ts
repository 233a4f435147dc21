import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { lockFile } from '../src/file-lock.js';
import { inTemporaryFolder } from './temporary-folder.js';

describe('lockFile()', () => {
  it('lets one in at a time', () =>
    inTemporaryFolder(async (folder) => {
      const path = join(folder, 'lock');
      const events: string[] = [];
      const first = await lockFile(path);
      const second = lockFile(path).then((lock) => {
        events.push('second in');
        return lock.close();
      });
      await new Promise((resolve) => setTimeout(resolve, 100));
      events.push('first out');
      await first.close();
      await first.close();
      await second;
      expect(events).toEqual(['first out', 'second in']);
    }));

  it("stops waiting with the signal's reason when aborted", () =>
    inTemporaryFolder(async (folder) => {
      const path = join(folder, 'lock');
      const lock = await lockFile(path);
      const abort = new AbortController();
      const waiting = lockFile(path, abort.signal);
      setTimeout(() => abort.abort(new Error('enough')), 50);
      await expect(waiting).rejects.toThrow('enough');
      await lock.close();
    }));

  it('throws when the file cannot be made', async () => {
    await expect(lockFile('/nowhere/lock')).rejects.toThrow('could not lock "/nowhere/lock"');
  });
});
