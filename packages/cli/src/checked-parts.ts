import { sniffPackage } from '@ebpm/formats';
import { objectsInWasm } from '@ebpm/object';
import { type EventTypeChoice, openPackage, type RunnablePackage } from '@ebpm/runner';
import { type Judgeable, judgeable } from './consent/judgeable.js';
import type { PackageInput } from './package-source.js';
import { WasmPackage } from './wasm/wasm-package.js';

/** What is checked of a package: its object, or each of those that a WASM module carries. */
export interface CheckedParts {
  readonly packages: readonly RunnablePackage[];
  /** All of it, for who has to agree that it is loaded: only then it is hashed. */
  readonly judged: () => Judgeable;
}

/** None of a module in which no object was found. @throws what `openPackage` throws */
export function checkedParts(input: PackageInput, eventTypes: readonly EventTypeChoice[]): CheckedParts {
  const { bytes, source } = input;
  if (sniffPackage(bytes) !== 'wasm') {
    const pkg = openPackage(bytes, { ...input, eventTypes });
    return { packages: [pkg], judged: () => judgeable(pkg) };
  }
  const packages = objectsInWasm(bytes).map((object) => openPackage(object, { source }));
  return { packages, judged: () => new WasmPackage(bytes, source) };
}
