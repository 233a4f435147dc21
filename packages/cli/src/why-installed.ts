import { chainsTo, Installed, type InstalledVersion, installedVersions, keptNeeds } from '@ebpm/client';
import { EbpmError } from '@ebpm/formats';
import type { CliWhy } from '@ebpm/schemas';

/** Why a package is installed for the user: what he installed by its name, and what that needs. @throws EBPM_NOT_INSTALLED, EBPM_STORE_DAMAGED */
export async function whyInstalled(home: string, name: string): Promise<CliWhy> {
  const here = new Installed(home);
  const version = await here.current(name);
  if (version === undefined) {
    throw new EbpmError('EBPM_NOT_INSTALLED', `Cannot say why "${name}" is needed: it is not installed`, {
      hint: 'See what is installed: ebpm list',
    });
  }
  const installed = await installedVersions(here);
  const asked = installed.filter((one) => one.forProject !== true);
  return {
    name,
    version,
    asked: asked.filter((one) => one.name === name).map((one) => one.version),
    askers: asked.flatMap((one) => askersWithin(one, name)),
  };
}

/** Who of what an installed version needs asks for the package, with the chain from that version on. */
function askersWithin(root: InstalledVersion, name: string): CliWhy['askers'] {
  const needs = keptNeeds(root);
  const chosen = needs !== undefined && Object.hasOwn(needs.packages, name) ? needs.packages[name] : undefined;
  if (needs === undefined || chosen === undefined) return [];
  return chainsTo(needs, name).map(({ by = { name: root.name, version: root.version }, range, chain }) => ({
    by: { ...by },
    range,
    chain: [root.name, ...chain],
    version: chosen.version,
  }));
}
