import {
  EbpmError,
  type ObjectFacts,
  type PackageFacts,
  readPackageContent,
  sniffPackage,
  type TarFile,
} from '@ebpm/formats';
import { FACTS_MAX_CHARS, FACTS_MAX_OBJECTS } from '../limits.js';
import { canonicalJson } from './canonical-json.js';
import { FACTS_VERSION } from './facts-version.js';
import { objectFacts } from './object-facts.js';
import { objectsInWasm } from './objects-in-wasm.js';
import { sorted } from './program-facts.js';

/**
 * What the eBPF objects in some files do: in packages, in objects, in WASM modules, whatever their names. What is no object has no facts.
 * @param files of a package, or the one that is to be run
 * @throws EBPM_FACTS_TOO_LARGE
 */
export function packageFacts(files: readonly TarFile[]): PackageFacts {
  const byPath = new Map(files.map(({ path, bytes }) => [path, bytes]));
  const objects: ObjectFacts[] = [];
  for (const path of sorted(byPath.keys())) {
    const bytes = byPath.get(path) ?? new Uint8Array();
    for (const [part, object] of objectsIn(bytes, path).entries()) {
      if (objects.length === FACTS_MAX_OBJECTS) throw tooMany(`more than ${FACTS_MAX_OBJECTS} eBPF objects`);
      objects.push(objectFacts(object, { file: path, part }));
    }
  }
  const facts = { version: FACTS_VERSION, objects };
  // The order of keys does not make it longer.
  if (JSON.stringify(facts).length > FACTS_MAX_CHARS) throw tooMany(`facts of more than ${FACTS_MAX_CHARS} characters`);
  return facts;
}

function tooMany(what: string): EbpmError {
  return new EbpmError('EBPM_FACTS_TOO_LARGE', `Cannot say what the package may do: it has ${what}`, {
    hint: 'Split it into several packages',
  });
}

/** The bytes of facts that are hashed, compared and sent. */
export function factsBytes(facts: PackageFacts): Uint8Array {
  return new TextEncoder().encode(canonicalJson(facts));
}

function objectsIn(bytes: Uint8Array, path: string): readonly Uint8Array[] {
  const kind = sniffPackage(bytes);
  if (kind === undefined || kind === 'skel') return [];
  if (kind === 'wasm') return objectsInWasm(bytes);
  try {
    const content = readPackageContent(bytes, path);
    return 'object' in content ? [content.object] : [];
  } catch (error) {
    if (error instanceof EbpmError) return [];
    throw error;
  }
}
