import { EbpmError } from '@ebpm/formats';
import { CONSENT_CLASSES, type ConsentClass, isConsentClass } from '@ebpm/object';
import type { WasiAllow } from '@ebpm/wasm';

/** What `--allow` of a run agrees to. */
export interface RunAllow {
  readonly allow: readonly ConsentClass[];
  /** What a WASM module may be given of WASI. */
  readonly wasiAllow: readonly WasiAllow[];
}

/**
 * The classes that `--allow=CLASS,...` names. There is no word for all of them: a command line that was copied from somewhere would then agree to whatever
 * the next version does.
 *
 * @throws EBPM_USAGE_INVALID
 */
export function parseAllow(text: string): readonly ConsentClass[] {
  const names = words(text);
  const unknown = names.find((name) => !isConsentClass(name));
  if (unknown === undefined) return names.filter(isConsentClass);
  throw new EbpmError('EBPM_USAGE_INVALID', `Cannot allow "${unknown}": it is no class that is asked for`, {
    hint: `Wanted: ${CONSENT_CLASSES.join(', ')}`,
  });
}

/** The classes, and what is given to a WASM module, which a run alone can. @throws EBPM_USAGE_INVALID */
export async function parseRunAllow(texts: readonly string[]): Promise<RunAllow> {
  const named = texts.flatMap(words);
  const ofWasi = named.filter((name) => name.startsWith('wasi:'));
  const allow = named.filter((name) => !name.startsWith('wasi:')).flatMap(parseAllow);
  if (ofWasi.length === 0) return { allow, wasiAllow: [] };
  const { parseWasiAllow } = await import('@ebpm/wasm');
  return { allow, wasiAllow: ofWasi.map((name) => parseWasiAllow(name) ?? refuse(name)) };
}

function words(text: string): readonly string[] {
  return text.split(',').map((name) => name.trim());
}

function refuse(name: string): never {
  throw new EbpmError('EBPM_USAGE_INVALID', `Cannot allow "${name}": it is nothing that WASI has`, {
    hint: 'Wanted: wasi:env, wasi:env=NAME, wasi:dir=PATH, wasi:write=PATH',
  });
}
