import { EbpmError } from '@ebpm/formats';
import { programKind } from '@ebpm/object';
import { attachFailure } from './attach-failure.js';
import { loadBinding, type NativeObject } from './binding.js';
import { effectiveCapabilities } from './capabilities.js';
import { isNativeFailure } from './native-failure.js';
import { notSupported } from './not-supported.js';
import type { ProgramInfo } from './object-info.js';
import { programTypeOf } from './program-types/all.js';
import type { Attachment, AttachRequest, ProgramType } from './program-types/program-type.js';
import type { ProgramSettings, Targets } from './targets.js';
import { tracingSupport } from './tracing-support.js';

/** How programs are attached. */
export interface AttachOptions {
  /** By name of the program. */
  readonly settings?: ReadonlyMap<string, ProgramSettings> | undefined;
  readonly targets?: Targets | undefined;
  /** Attaches what can be attached, instead of nothing when one program cannot. */
  readonly bestEffort?: boolean | undefined;
}

/** A program and what holds it attached. */
export interface AttachedProgram {
  readonly program: ProgramInfo;
  readonly attachment: Attachment;
}

/** A program that is not attached while the others are. */
export interface SkippedProgram {
  readonly name: string;
  readonly section: string;
  /** Why, without a full stop. */
  readonly reason: string;
}

export interface AttachOutcome {
  readonly attached: readonly AttachedProgram[];
  readonly skipped: readonly SkippedProgram[];
}

/**
 * Attaches the programs that were loaded, in the object's order. One that cannot be attached is skipped when it is optional or under
 * best effort; else those before it are detached again, as they are when none could be attached.
 * @throws EBPM_ATTACH_FAILED, EBPM_ATTACH_TARGET_MISSING, EBPM_TARGET_MISSING, EBPM_NOT_SUPPORTED, EBPM_NOT_PERMITTED,
 *   EBPM_REMAINS_UNWRITABLE
 */
export function attachPrograms(native: NativeObject, options: AttachOptions = {}): AttachOutcome {
  const { settings = new Map<string, ProgramSettings>(), targets = {}, bestEffort = false } = options;
  const attached: AttachedProgram[] = [];
  const skipped: SkippedProgram[] = [];
  let firstError: EbpmError | undefined;
  try {
    for (const program of native.programs().filter(({ autoload }) => autoload)) {
      const own = settings.get(program.name) ?? {};
      const { name, section } = program;
      if (own.link === false) {
        skipped.push({ name, section, reason: 'the package says that it is not to be attached (link: false)' });
        continue;
      }
      try {
        attached.push({ program, attachment: attachProgram(native, program, own, targets) });
      } catch (error) {
        if (!(error instanceof EbpmError) || !isSkippable(error) || !(bestEffort || own.optional === true)) throw error;
        firstError ??= error;
        skipped.push({ name, section, reason: error.message });
      }
    }
    if (attached.length === 0 && firstError !== undefined) throw firstError;
  } catch (error) {
    detachPrograms(attached);
    throw error;
  }
  return { attached, skipped };
}

/** Detaches, last attached first; the programs are gone when it returns. */
export function detachPrograms(attached: readonly AttachedProgram[]): void {
  for (const { attachment } of attached.toReversed()) attachment.close();
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

/** What a person forgot or may not do is said, not worked around. */
function isSkippable({ code }: EbpmError): boolean {
  return code !== 'EBPM_TARGET_MISSING' && code !== 'EBPM_NOT_PERMITTED' && code !== 'EBPM_REMAINS_UNWRITABLE';
}

/** Attaches one program. @throws as `attachPrograms` */
export function attachProgram(
  native: NativeObject,
  program: ProgramInfo,
  settings: ProgramSettings,
  targets: Targets,
): Attachment {
  const kind = programKind(program.section);
  const row = kind === undefined ? undefined : programTypeOf(kind);
  if (kind === undefined || row === undefined) throw unattachable(program);
  return attachAs(row, { native, program, kind, settings, targets });
}

function attachAs(row: ProgramType, request: AttachRequest): Attachment {
  try {
    return closingOnce(row.attach(request));
  } catch (error) {
    if (!isNativeFailure(error)) throw error;
    const { program } = request;
    const answer = row.feature?.probe();
    if (row.feature !== undefined && answer?.supported === false) {
      throw notSupported(`Cannot attach "${program.name}" to ${program.section}`, row.feature, answer, error);
    }
    throw attachFailure(program, error, { held: effectiveCapabilities(), tracing: tracingSupport() });
  }
}

function closingOnce(attachment: Attachment): Attachment {
  let open = true;
  return {
    ...attachment,
    close: () => {
      if (open) attachment.close();
      open = false;
    },
  };
}

function unattachable({ name, section }: ProgramInfo): EbpmError {
  const reason = 'ebpm does not know how to attach such a program';
  return new EbpmError('EBPM_ATTACH_FAILED', `Cannot attach "${name}" to ${section}: ${reason}`, {
    hint: 'docs/program-types.md lists the sections that it knows',
    data: { program: name, section },
  });
}
