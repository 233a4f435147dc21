import type { RegistryClient } from '@ebpm/client';

/** The opaque id of whoever a key is to belong to: an organisation, else who the token belongs to. */
export async function keyOwner(registry: RegistryClient, organisation: string | undefined): Promise<string> {
  if (organisation !== undefined) return (await registry.organisations.organisation(organisation)).id;
  return (await registry.whoami()).user.id;
}
