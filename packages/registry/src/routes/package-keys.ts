import { encodeBase64, openBundle } from '@ebpm/formats';
import type { ApiPackage, ApiPackageVersion } from '@ebpm/schemas';
import type { VersionState } from '../fold/package-state.js';
import type { PackageIndex } from '../index/package-index.js';
import { signerOf } from '../publish/check-bundles.js';

/** Which key has signed that it publishes a version, and the signature: whoever has name, version and digest has what was signed. */
export function signatureOf(bundles: string): NonNullable<ApiPackageVersion['signature']> {
  const { keyId, signature } = openBundle(JSON.parse(bundles)[0]);
  return { key: keyId, sig: encodeBase64(signature) };
}

/** The keys that versions are signed with, and those whose places they took, with what proves that. */
export function signingKeys(
  packages: PackageIndex,
  versions: readonly Pick<VersionState, 'bundles'>[],
): NonNullable<ApiPackage['keys']> {
  const found = new Map<string, NonNullable<ApiPackage['keys']>[number]>();
  const wanted = versions.flatMap(({ bundles }) => signerOf(bundles) ?? []);
  for (const id of wanted) {
    const key = found.has(id) ? undefined : packages.key(id);
    if (key === undefined) continue;
    const { publicKey, registeredAt, revokedAt, replaces, rotation } = key;
    found.set(id, {
      id,
      publicKey,
      registeredAt,
      ...(revokedAt !== undefined && { revokedAt }),
      ...(replaces !== undefined && { replaces }),
      ...(rotation !== undefined && { rotation }),
    });
    if (replaces !== undefined) wanted.push(replaces);
  }
  return [...found.values()];
}
