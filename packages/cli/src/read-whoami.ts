import type { RegistryClient } from '@ebpm/client';
import type { CliWhoami } from '@ebpm/schemas';

/** Whose token is in use at a registry. What the registry adds later is no part of it. */
export async function readWhoami(registry: RegistryClient): Promise<CliWhoami> {
  const { user, token } = await registry.whoami();
  const { id, expires } = token;
  return {
    registry: registry.url,
    user: { id: user.id, name: user.name },
    token: { id, ...(expires === undefined ? {} : { expires }) },
  };
}
