import type { CoreRelocation } from '../bpf-object.js';
import type { Btf } from '../btf.js';
import { essentialName } from '../essential-name.js';
import { type AccessStep, pathText } from './access-path.js';

/** A type as a programmer names it, without its flavour: `struct sock`, `enum bpf_func_id`, `pid_t`. */
export function typeWords(btf: Btf, typeId: number): string {
  const { name } = btf.type(typeId);
  const text = btf.nameOf(typeId);
  return name === '' ? text : text.replace(name, () => essentialName(name));
}

/** A field as a programmer names it, up to a step: `task_struct.se.vruntime`. */
export function fieldWords(btf: Btf, { typeId }: CoreRelocation, steps: readonly AccessStep[], count?: number): string {
  const name = btf.type(typeId).name || btf.resolve(typeId).name || btf.nameOf(typeId);
  return pathText(name, steps, count);
}
