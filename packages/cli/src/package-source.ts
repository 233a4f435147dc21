import { join } from 'node:path';
import { Installed, type NamedSpec } from '@ebpm/client/installed';
import { EbpmError, parseSpec } from '@ebpm/formats';
import type { Context } from './context.js';
import { installInChild } from './install-in-child.js';
import { isFolder } from './is-folder.js';
import { readFileArgument, readStdin } from './read-input.js';

/**
 * The bytes of the package that a spec names: a file, what a project was built into, stdin, or the entry of an installed
 * package, which is installed first when it is missing. What is installed needs no network.
 *
 * @throws EBPM_FILE_UNREADABLE, EBPM_USAGE_INVALID, EBPM_NOT_INSTALLED, EBPM_STORE_DAMAGED and what `ebpm install`
 *   fails with
 */
export async function readPackageBytes(context: Context, text: string): Promise<Uint8Array> {
  const spec = parseSpec(text);
  switch (spec.kind) {
    case 'path':
      return readFileArgument((await isFolder(spec.path)) ? join(spec.path, 'dist/package.json') : spec.path);
    case 'stdin':
      return readStdin(process.stdin);
    case 'url':
      throw new EbpmError('EBPM_USAGE_INVALID', `Cannot read "${text}": packages are not read from the web`, {
        hint: 'Download it, look at it, and name the file',
      });
    default:
      return readInstalled(context, spec, text);
  }
}

async function readInstalled(context: Context, spec: NamedSpec, text: string): Promise<Uint8Array> {
  const installed = new Installed(context.home);
  const there = await installed.find(spec);
  if (there !== undefined) return installed.entryBytes(there);
  await installInChild(context, text);
  const found = await installed.find(spec);
  if (found !== undefined) return installed.entryBytes(found);
  throw new EbpmError('EBPM_NOT_INSTALLED', `Cannot find "${text}" in "${context.home}" after it was installed`, {
    hint: 'Check EBPM_HOME',
  });
}
