import { basename } from 'node:path';
import { type PackageFacts, readPackageContent, sniffPackage } from '@ebpm/formats';
import { packageFacts, readObject } from '@ebpm/object';
import type { PackageInput } from './package-source.js';

/**
 * The facts of what a spec named. What could not be run is refused with the reason, but for a WASM module, which may carry no object.
 *
 * @throws what `readPackageContent` and `readObject` refuse, EBPM_FACTS_TOO_LARGE
 */
export function inputFacts({ bytes, source, object }: PackageInput): PackageFacts {
  const path = basename(source);
  if (sniffPackage(bytes) === 'wasm') return packageFacts([{ path, bytes }]);
  const content = readPackageContent(bytes, source);
  const held = 'object' in content ? content.object : object;
  if (held !== undefined) readObject(held);
  return packageFacts([{ path, bytes: 'object' in content ? bytes : (object ?? bytes) }]);
}
