import { type EunomiaMeta, readEunomiaPackage } from '@ebpm/formats';
import { type BpfObject, CheckedObject } from '@ebpm/object';

/** A package that was read and checked: the object, what it says of itself, and what the package says of it. */
export interface RunnablePackage {
  /** The name that libbpf is given; internal maps are named after it. */
  readonly name: string;
  /** What the loader opens; `object` is what it holds. */
  readonly checked: CheckedObject;
  readonly object: BpfObject;
  readonly meta: EunomiaMeta;
}

/**
 * Reads a package in eunomia-bpf's JSON format. `source` names it in errors, default `package.json`.
 *
 * @throws the codes of `readEunomiaPackage` and `CheckedObject.read`
 */
export function openPackage(bytes: Uint8Array, source?: string): RunnablePackage {
  const { object: elf, meta } = readEunomiaPackage(bytes, source);
  const checked = CheckedObject.read(elf);
  return { name: meta.bpf_skel.obj_name, checked, object: checked.object, meta };
}
