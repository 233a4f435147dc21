/**
 * A name without its flavour: `task_struct` of `task_struct___old`.
 * @see https://github.com/libbpf/libbpf/blob/v1.5.0/src/libbpf.c (bpf_core_essential_name_len)
 */
export function essentialName(name: string): string {
  return /^(.*[^_])___[^_].*$/s.exec(name)?.[1] ?? name;
}
