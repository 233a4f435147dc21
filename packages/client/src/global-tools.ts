import { closest, EbpmError } from '@ebpm/formats';
import { Installed, type InstalledVersion } from './installed.js';

/**
 * The tools of a user: of each package that he has installed by its name the version that the bare name stands for, else the highest that he asked for, by name.
 *
 * @throws EBPM_STORE_DAMAGED
 */
export async function globalTools(home: string): Promise<readonly InstalledVersion[]> {
  const here = new Installed(home);
  const tools: InstalledVersion[] = [];
  for (const [name, numbers] of await here.numbersByName()) {
    const asked = (await here.versions(name)).filter(({ forProject }) => forProject !== true);
    const current = await here.current(name, numbers);
    const tool = asked.find(({ version }) => version === current) ?? asked[0];
    if (tool !== undefined) tools.push(tool);
  }
  return tools;
}

/** Those tools that are named; all of them where none is. @throws EBPM_NOT_INSTALLED */
export function namedTools(tools: readonly InstalledVersion[], names: readonly string[]): readonly InstalledVersion[] {
  const known = tools.map(({ name }) => name);
  const unknown = names.find((name) => !known.includes(name));
  if (unknown === undefined) return names.length === 0 ? tools : tools.filter(({ name }) => names.includes(name));
  const similar = closest(unknown, known);
  throw new EbpmError('EBPM_NOT_INSTALLED', `Cannot update "${unknown}": nobody has installed it by its name`, {
    hint: similar === undefined ? 'See what is installed: ebpm list' : `Did you mean "${similar}"?`,
  });
}
