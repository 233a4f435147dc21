import { execFileSync } from 'node:child_process';
import { hasKernelBtf } from '../src/probe.js';

/** Whether this machine's own kernel can be used: as root, and with BTF. */
export const hasNativeKernel = process.getuid?.() === 0 && hasKernelBtf();

/** Programs in the kernel with that name. */
export function programsNamed(name: string): number {
  const programs: { name?: string }[] = JSON.parse(
    execFileSync('bpftool', ['-j', 'prog', 'list'], { encoding: 'utf8' }),
  );
  return programs.filter((program) => program.name === name).length;
}
