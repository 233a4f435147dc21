import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

/** Where it lies, from this module on: in a clone, and beside the bundle. */
const PLACES = ['../../guest/', './guest/'];

/** The folder with what guests are compiled with: `ebpm.h`, `ebpm.ts`, and the programs that run compilers which npm brings. */
export function guestLibrary(): string {
  const places = PLACES.map((place) => fileURLToPath(new URL(place, import.meta.url)));
  const found = places.find((place) => existsSync(`${place}ebpm.h`));
  if (found === undefined) throw new TypeError(`The guest library is in none of ${places.join(', ')}`);
  return found;
}
