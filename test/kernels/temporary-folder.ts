import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** A new folder under the system's temporary one; whoever asks removes it. */
export function temporaryFolder(name: string): string {
  return mkdtempSync(join(tmpdir(), `ebpm-${name}-`));
}
