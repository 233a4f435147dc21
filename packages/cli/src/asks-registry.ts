import type { NamedSpec } from '@ebpm/client/installed';
import { isVersion } from '@ebpm/formats';

/**
 * What is looked up at the registry although something is installed, as npm and npx have it. `tags`: a tag that was typed, `sigsnoop@latest`, since it
 * moves; what runs by a range is what is installed and in it. `tags-and-ranges`: a range, too, for whoever looks at what there is.
 */
export type LookedUp = 'tags' | 'tags-and-ranges';

/** Whether a spec, as it was typed, asks for what its registry has now. A bare name never does, nor the number of a version. */
export function asksRegistry(spec: NamedSpec, text: string, lookedUp: LookedUp): boolean {
  if (text === spec.name) return false;
  if (spec.kind === 'tag') return true;
  return lookedUp === 'tags-and-ranges' && !isVersion(spec.range);
}
