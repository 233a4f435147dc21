import { digestOf } from '@ebpm/formats';
import type { CliInspect } from '@ebpm/schemas';
import type { NamedInput } from './package-source.js';

/** What was looked at: a version of a package, or a file. */
export type Subject = CliInspect['inspected'];

/** Says what a spec turned out to be. */
export function subjectOf(spec: string, { from, bytes, installed }: NamedInput): Subject {
  if (installed === undefined) return { spec, from, digest: digestOf(bytes) };
  const { name, version, registry, digest } = installed;
  return { spec, from, name, version, registry, digest };
}

/** In a line: `sigsnoop@1.0.0 (installed), sha256:...`. */
export function formatSubject({ spec, from, name, version, registry, digest }: Subject): string {
  const what = name === undefined ? spec : `${name}@${version}`;
  return `${what} (${from === 'registry' ? `registry ${registry}` : from}), ${digest}`;
}
