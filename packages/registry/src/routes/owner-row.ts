import type { ApiOwners } from '@ebpm/schemas';
import { isOrganisationId } from '../fold/principal.js';
import type { Registry } from '../registry.js';

/** Whom something belongs to, as answers show it. */
export async function ownerRow({ people }: Registry, id: string): Promise<ApiOwners['owners'][number]> {
  const kind = isOrganisationId(id) ? 'organisation' : 'user';
  return { id, name: (await people.nameOf(id)) ?? id, kind };
}
