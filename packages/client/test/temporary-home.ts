import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach } from 'vitest';

/** A new folder that is removed after the test. */
export function temporaryHome(): string {
  const home = mkdtempSync(join(tmpdir(), 'ebpm-client-'));
  homes.push(home);
  return home;
}

const homes: string[] = [];

afterEach(() => {
  for (const home of homes.splice(0)) rmSync(home, { recursive: true, force: true });
});
