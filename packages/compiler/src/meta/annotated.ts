import { EbpmError } from '@ebpm/formats';
import { readAnnotations } from '../source/annotations.js';

/**
 * A part of the metadata together with the annotations of its doc comment, if it has one.
 * @throws EBPM_BUILD_ANNOTATION where an annotation would replace what is derived from the object
 */
export function annotated<Part extends object>(part: Part, name: string, docs: ReadonlyMap<string, string>): Part {
  const annotations = readAnnotations(docs.get(name) ?? '', name);
  const taken = Object.keys(annotations).find((key) => key in part);
  if (taken === undefined) return { ...part, ...annotations };
  throw new EbpmError(
    'EBPM_BUILD_ANNOTATION',
    `Cannot use @${taken} of "${name}": it is taken from the source itself`,
    {
      hint: `Take @${taken} out of the doc comment of "${name}"`,
      data: { name, key: taken },
    },
  );
}
