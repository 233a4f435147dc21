import { readFileSync } from 'node:fs';

/** Numbers of the CPUs that are online. */
export function onlineCpus(): readonly number[] {
  return parseCpuList(readFileSync('/sys/devices/system/cpu/online', 'utf8'));
}

/** How many CPUs this kernel may ever have: values of per-CPU maps have a part for each. */
export function possibleCpuCount(): number {
  return Math.max(...parseCpuList(readFileSync('/sys/devices/system/cpu/possible', 'utf8'))) + 1;
}

/**
 * The numbers in a list as the kernel writes it: `0-3,8,10-11`.
 * @see https://docs.kernel.org/admin-guide/kernel-parameters.html#cpu-lists
 */
export function parseCpuList(text: string): readonly number[] {
  return text
    .trim()
    .split(',')
    .filter((range) => range !== '')
    .flatMap((range) => {
      const [first = 0, last = first] = range.split('-').map(Number);
      return Array.from({ length: last - first + 1 }, (_, index) => first + index);
    });
}
