import type { WasiWishes } from '@ebpm/wasm';
import type { Context } from '../context.js';
import { inputManifest } from '../input-manifest.js';
import type { PackageInput } from '../package-source.js';

/** What a package asks of WASI, by its ebpm.json. Undefined where there is none. @throws what `inputManifest` does */
export async function wasiWishes(context: Pick<Context, 'home'>, input: PackageInput): Promise<WasiWishes | undefined> {
  const manifest = await inputManifest(context, input);
  return manifest && (manifest.wasi ?? {});
}
