import { sniffPackage } from '@ebpm/formats';
import type { CliInspect } from '@ebpm/schemas';
import { wasiFolders } from '@ebpm/wasm';
import type { Context } from '../context.js';
import type { PackageInput } from '../package-source.js';
import { wasiWishes } from './wasi-wishes.js';

/** What the ebpm.json of a WASM module asks of WASI; undefined for what is none, and where there is no ebpm.json. @throws what `wasiWishes` does */
export async function wasiAsked(context: Context, input: PackageInput): Promise<CliInspect['wasi']> {
  if (sniffPackage(input.bytes) !== 'wasm') return undefined;
  const wishes = await wasiWishes(context, input);
  return wishes && { env: [...(wishes.env ?? [])], dirs: wasiFolders(wishes) };
}
