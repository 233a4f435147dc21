import { execFileSync } from 'node:child_process';
import { openObject } from '../src/open-object.js';
import { hasKernelBtf } from '../src/probe.js';
import { compileObject } from './compile-fixture.js';

/** Whether this machine's own kernel can be used: as root, and with BTF. */
export const hasNativeKernel = process.getuid?.() === 0 && hasKernelBtf();

/** Programs in the kernel with that name. */
export function programsNamed(name: string): number {
  const programs: { name?: string }[] = JSON.parse(
    execFileSync('bpftool', ['-j', 'prog', 'list'], { encoding: 'utf8' }),
  );
  return programs.filter((program) => program.name === name).length;
}

/** Whether this machine's kernel takes programs for the start and end of its functions: some are built or locked without. */
export function attachesToFunctions(): boolean {
  if (!hasNativeKernel) return false;
  const open = openObject(compileObject('refusals'), { name: 'probe' });
  open.setAutoload('nested', true);
  try {
    open.load().close();
    return true;
  } catch {
    return false;
  }
}
