import type { EunomiaMeta } from '@ebpm/formats';
import type { BpfMap, BpfObject, CheckedObject } from '@ebpm/object';

/** A package that was read and checked: the object, what it says of itself, and what the package says of it. Made by `openPackage`. */
export interface RunnablePackage {
  /** The name that libbpf is given; internal maps are named after it. */
  readonly name: string;
  /** What the loader opens; `object` is what it holds. */
  readonly checked: CheckedObject;
  /** What `checked` holds; its types include those of events that the package tells and the object does not. */
  readonly object: BpfObject;
  readonly meta: EunomiaMeta;
  /** Maps that carry events of which nobody knows the struct; running the package fails for them. */
  readonly untypedMaps?: readonly BpfMap[];
  /** BTF of kernels that came with the package: `<ID>/<VERSION_ID>/<machine>/<release>.btf` to its bytes. */
  readonly kernelBtfs?: ReadonlyMap<string, Uint8Array>;
}
