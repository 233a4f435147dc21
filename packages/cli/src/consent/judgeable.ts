import { type Digest, type ObjectFacts, sha256Hex } from '@ebpm/formats';
import { checkedObjectFacts } from '@ebpm/object';
import type { RunnablePackage } from '@ebpm/runner';

/** What is to be loaded, as far as consent and the audit log look at it: an object, or a WASM module with those that it carries. */
export interface Judgeable {
  /** Of the very bytes. */
  readonly digest: Digest;
  /** Names of the programs, as far as they are known before it runs. */
  readonly programs: readonly string[];
  /** What its objects do; finding that out takes as long as reading them did. */
  facts(): readonly ObjectFacts[];
}

/** The one object of a package. */
export function judgeable({ checked, object, name }: RunnablePackage): Judgeable {
  return {
    digest: `sha256:${sha256Hex(checked.bytes)}`,
    programs: object.programs.map((program) => program.name),
    facts: () => [checkedObjectFacts(checked, { file: name, part: 0 })],
  };
}
