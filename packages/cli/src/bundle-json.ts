import type { CliBundle, KnownVersion } from '@ebpm/schemas';

/** What is in a bundle, as `--json` shows it. */
export function bundleJson(file: string, versions: readonly KnownVersion[]): CliBundle {
  const packages = versions.map(({ name, registry, version: { version, digest } }) => ({
    name,
    version,
    digest,
    registry,
  }));
  return { file, packages };
}
