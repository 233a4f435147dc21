import type { Lockfile } from '@ebpm/schemas';

/** Somebody who asks for a package. */
export interface Asker {
  /** Name and version; undefined is the project itself. */
  readonly by?: { readonly name: string; readonly version: string };
  readonly range: string;
}

/** Somebody who asks for a package, and how the project comes to need him. */
export interface AskerChain extends Asker {
  /** The shortest chain of names, from one that the project asks for down to the one who asks; empty for the project itself. */
  readonly chain: readonly string[];
}

/** Who asks for a package of a lockfile, the project first, then by name. */
export function askersOf({ requires, packages }: Lockfile, name: string): readonly Asker[] {
  const own = Object.hasOwn(requires, name) ? [{ range: requires[name] ?? '' }] : [];
  const others = Object.entries(packages).flatMap(([by, { version, dependencies = {} }]) =>
    Object.hasOwn(dependencies, name) ? [{ by: { name: by, version }, range: dependencies[name] ?? '' }] : [],
  );
  return [...own, ...others.sort((a, b) => (a.by.name < b.by.name ? -1 : 1))];
}

/** Who asks for a package of a lockfile, with the chain that leads there. Who is not needed himself is left out. */
export function chainsTo(lockfile: Lockfile, name: string): readonly AskerChain[] {
  return askersOf(lockfile, name).flatMap((asker) => {
    const chain = asker.by === undefined ? [] : chainFrom(lockfile, asker.by.name);
    return chain === undefined ? [] : [{ ...asker, chain }];
  });
}

/** Walks up, nearest first. */
function chainFrom(lockfile: Lockfile, name: string): readonly string[] | undefined {
  const seen = new Set([name]);
  const todo: (readonly string[])[] = [[name]];
  for (const chain of todo) {
    for (const { by } of askersOf(lockfile, chain[0] ?? '')) {
      if (by === undefined) return chain;
      if (!seen.has(by.name)) todo.push([by.name, ...chain]);
      seen.add(by.name);
    }
  }
  return undefined;
}
