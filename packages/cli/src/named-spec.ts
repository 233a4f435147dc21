import type { NamedSpec } from '@ebpm/client';
import { EbpmError, parseSpec } from '@ebpm/formats';

/**
 * A spec that must name a package of a registry: `sigsnoop`, `sigsnoop@^1.2`, `@acme/x@next`.
 *
 * @throws EBPM_USAGE_INVALID for files and addresses, and what parseSpec throws
 */
export function parseNamedSpec(text: string): NamedSpec {
  const spec = parseSpec(text);
  if (spec.kind === 'range' || spec.kind === 'tag') return spec;
  throw new EbpmError('EBPM_USAGE_INVALID', `Cannot look for "${text}" in a registry: it is no name of a package`, {
    hint: 'Write a name, with or without a version: sigsnoop, sigsnoop@^1.2, @acme/x@next',
  });
}
