import { attachFailure } from './attach-failure.js';
import { loadBinding, type NativeLink, type NativeObject } from './binding.js';
import { effectiveCapabilities } from './capabilities.js';
import { isNativeFailure } from './native-failure.js';
import type { ProgramInfo } from './object-info.js';
import { tracingSupport } from './tracing-support.js';

/** A program and what holds it attached. */
export interface AttachedProgram {
  readonly program: ProgramInfo;
  readonly link: NativeLink;
}

/**
 * Attaches the programs that were loaded, in the object's order. When one fails, those before it are detached again.
 * @throws EBPM_ATTACH_FAILED, EBPM_ATTACH_TARGET_MISSING, EBPM_NOT_PERMITTED
 */
export function attachPrograms(native: NativeObject): readonly AttachedProgram[] {
  const attached: AttachedProgram[] = [];
  try {
    for (const program of native.programs().filter(({ autoload }) => autoload)) {
      attached.push({ program, link: attachProgram(native, program) });
    }
  } catch (error) {
    detachPrograms(attached);
    throw error;
  }
  return attached;
}

/** Detaches, last attached first; the programs are gone when it returns. */
export function detachPrograms(attached: readonly AttachedProgram[]): void {
  for (const { link } of attached.toReversed()) link.close();
}

/** Detaches as `detachPrograms` does, but leaves the waiting for the kernel to a process of its own, where one starts. */
export function detachProgramsLater(attached: readonly AttachedProgram[]): void {
  const letGo = loadBinding().holdDescriptors();
  try {
    detachPrograms(attached);
  } finally {
    letGo?.();
  }
}

/** The one way to attach so far: as libbpf reads it from the section's name. */
function attachProgram(native: NativeObject, program: ProgramInfo): NativeLink {
  try {
    return native.attach(program.name);
  } catch (error) {
    if (!isNativeFailure(error)) throw error;
    throw attachFailure(program, error, { held: effectiveCapabilities(), tracing: tracingSupport() });
  }
}
