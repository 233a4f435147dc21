import { dirname, join } from 'node:path';
import { EbpmError, type Manifest } from '@ebpm/formats';
import { type Project, readSource, sourceError, sourcesIn } from './project.js';

/** The entry that is no WASM module. */
export const PACKAGE_FILE = 'package.json';

/** The folder with the sources of a WASM module, from the project's on. */
export function guestFolder({ source }: Manifest): string {
  return source === undefined ? '.' : dirname(source);
}

/** The one WASM module among the entries. @throws EBPM_BUILD_GUEST for several */
export function moduleEntry({ entry = PACKAGE_FILE }: Manifest): string | undefined {
  const files = typeof entry === 'string' ? [entry] : entry.map(({ file }) => file);
  const [module, other] = [...new Set(files.filter((file) => file.endsWith('.wasm')))];
  if (other === undefined) return module;
  throw new EbpmError(
    'EBPM_BUILD_GUEST',
    `Cannot build both "${module}" and "${other}": a project has one WASM module`,
    {
      hint: 'Make two projects of it, or build one of the modules by other means',
      data: { entries: files },
    },
  );
}

/** Reads every `*.bpf.c` of a project: a WASM module carries the objects of all; one that starts tools needs none. @throws EBPM_BUILD_SOURCE, EBPM_BUILD_TOO_LARGE */
export async function readKernelSources(dir: string, manifest: Manifest): Promise<readonly Project[]> {
  const folder = guestFolder(manifest);
  const names = await sourcesIn(join(dir, folder));
  if (names.length === 0 && Object.keys(manifest.dependencies ?? {}).length === 0) {
    const hint =
      'Write the program that the module loads: NAME.bpf.c\nOr name the tools that it starts in "dependencies"';
    throw sourceError(dir, 'it has no *.bpf.c', hint);
  }
  return await Promise.all(names.map((name) => readSource(dir, manifest, join(folder, name))));
}
