import { EbpmError, MIRROR_FILE } from '@ebpm/formats';
import { type Position, START } from '../log/entry.js';
import { parseJson } from '../parse-json.js';
import type { MirrorFiles } from './mirror-files.js';

/** What a mirror remembers: whose it is, of what, and how far. */
export interface MirrorState extends Position {
  readonly mirror: 1;
  /** The registry's random id. */
  readonly registry: string;
  /** What signs its heads. */
  readonly key: string;
  /** The names that are mirrored, see `matchesNames`. */
  readonly include: readonly string[];
}

/**
 * The state of a mirror; undefined in a folder that is none yet.
 * @throws EBPM_MIRROR_DAMAGED
 */
export async function readMirrorState(files: MirrorFiles): Promise<MirrorState | undefined> {
  const text = await files.read(MIRROR_FILE);
  if (text === undefined) return undefined;
  const state = parseJson(text);
  if (isState(state)) return state;
  throw new EbpmError(
    'EBPM_MIRROR_DAMAGED',
    `Cannot go on with the mirror in "${files.root}": "${MIRROR_FILE}" is damaged`,
    {
      hint: 'Mirror into an empty folder',
    },
  );
}

/** Before anything was mirrored. */
export function newMirrorState(registry: string, key: string, include: readonly string[]): MirrorState {
  return { mirror: 1, registry, key, include, ...START };
}

function isState(value: unknown): value is MirrorState {
  if (typeof value !== 'object' || value === null) return false;
  const { mirror, registry, key, include, seq, hash } = value as Readonly<Record<string, unknown>>;
  return (
    mirror === 1 &&
    typeof registry === 'string' &&
    typeof key === 'string' &&
    Array.isArray(include) &&
    Number.isSafeInteger(seq) &&
    typeof hash === 'string'
  );
}
