import type { People } from '../accounts/people.js';
import type { VersionState } from '../fold/package-state.js';

/** The names of those who published the versions, by user id; who was erased is missing. */
export async function publisherNames(
  people: People,
  versions: readonly VersionState[],
): Promise<ReadonlyMap<string, string>> {
  const ids = [...new Set(versions.map(({ publisher }) => publisher))];
  const names = await Promise.all(ids.map(async (id) => [id, await people.nameOf(id)] as const));
  return new Map(names.flatMap(([id, name]) => (name === undefined ? [] : [[id, name]])));
}
