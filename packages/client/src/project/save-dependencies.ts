import { join } from 'node:path';
import { EbpmError, MANIFEST_FILE, parseJsonText } from '@ebpm/formats';
import { readProjectFile } from '../project-files.js';
import { writeFileAtomically } from '../write-file-atomically.js';

/**
 * Writes dependencies into the ebpm.json of a project, in the order of their names; everything else stays as it is, the indentation too.
 *
 * @throws EBPM_PROJECT_FILE
 */
export async function saveDependencies(folder: string, dependencies: Readonly<Record<string, string>>): Promise<void> {
  const path = join(folder, MANIFEST_FILE);
  const text = Buffer.from((await readProjectFile(folder, MANIFEST_FILE)) ?? []).toString('utf8');
  const manifest = parseJsonText(Buffer.from(text)) as Readonly<Record<string, unknown>>;
  const sorted = Object.fromEntries(Object.entries(dependencies).sort(([a], [b]) => (a < b ? -1 : 1)));
  const indent = /^\{\r?\n([ \t]+)"/.exec(text)?.[1] ?? 2;
  try {
    await writeFileAtomically(path, `${JSON.stringify({ ...manifest, dependencies: sorted }, null, indent)}\n`);
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message : String(cause);
    throw new EbpmError('EBPM_PROJECT_FILE', `Cannot write "${path}": ${reason}`, { cause });
  }
}
