import { EbpmError, type Manifest, type ManifestCondition } from '@ebpm/formats';

/** What a package's variants are compared with. */
export interface Machine {
  /** As `uname -m` prints it, such as `x86_64`. */
  readonly arch: string;
}

/** The entry of a manifest that names none. */
export const DEFAULT_ENTRY = 'package.json';

/** Every file that a manifest names as an entry. */
export function entryPaths({ entry = DEFAULT_ENTRY }: Manifest): readonly string[] {
  return typeof entry === 'string' ? [entry] : [...new Set(entry.map(({ file }) => file))];
}

/**
 * The file that runs on a machine: the manifest's entry, or its first variant that matches. Undefined for a package of headers.
 *
 * @throws EBPM_VARIANT_MISSING
 */
export function chooseEntry({ name, version, entry = DEFAULT_ENTRY }: Manifest, machine: Machine): string | undefined {
  if (typeof entry === 'string') return entry;
  if (entry.length === 0) return undefined;
  const variant = entry.find(({ when = {} }) => matches(when, machine));
  if (variant !== undefined) return variant.file;
  throw new EbpmError(
    'EBPM_VARIANT_MISSING',
    `Cannot use "${name}@${version}" here: it has no variant for ${machine.arch}`,
  );
}

/** What this version of ebpm can run beside eBPF objects. */
const FEATURES: ReadonlySet<string> = new Set(['wasm']);

/** A key or a feature that is not known makes a condition not match. */
function matches({ arch, features = [], ...unknown }: ManifestCondition, machine: Machine): boolean {
  const isHere = arch === undefined || arch === machine.arch;
  return isHere && features.every((feature) => FEATURES.has(feature)) && Object.keys(unknown).length === 0;
}
