import { listedVersions } from '../choose-version.js';
import type { RegistryClient } from '../registry-client.js';
import { versionIdentity } from '../version-identity.js';

/** What a registry keeps of a version's signature. */
export interface KeptSignature {
  /** The id of the key. */
  readonly key: string;
  /** Whether how it was built was signed, too. */
  readonly provenance: boolean;
}

/**
 * The signature that a registry has of a version: that of its first publish, whatever was signed when the same bytes came again. Not verified. Undefined where nobody has signed it.
 *
 * @throws what the registry answers
 */
export async function keptSignature(
  registry: Pick<RegistryClient, 'package' | 'version'>,
  name: string,
  version: string,
): Promise<KeptSignature | undefined> {
  const listed = listedVersions(await registry.package(name));
  const key = listed.find((one) => one.version === versionIdentity(version))?.signature?.key;
  if (key === undefined) return undefined;
  const { bundles = [] } = await registry.version(name, version);
  return { key, provenance: bundles.length > 1 };
}
