import type { ProgramKind } from '@ebpm/object';
import type { NativeLink, NativeObject } from '../binding.js';
import type { ProgramInfo } from '../object-info.js';
import type { Entrusted, Remains } from '../remains.js';
import type { ProgramSettings, TargetKind, Targets } from '../targets.js';
import type { KernelFeature } from './kernel-features.js';

/** One kind of program: what authors write, what it needs, and how it is attached. */
export interface ProgramType {
  /** What people call it. */
  readonly name: string;
  /** Section names as authors write them; capitals stand for what the author fills in. */
  readonly sections: readonly string[];
  /** The prefixes of such names, as `programKind` gives them. */
  readonly prefixes: readonly string[];
  /** The oldest upstream kernel on which ebpm attaches it. */
  readonly minimumKernel: string;
  /** Flags of a run that it understands. */
  readonly targets: readonly TargetKind[];
  /** What is asked for when the kernel refuses, so that "not supported" is never a guess. */
  readonly feature?: KernelFeature;
  /** @throws NativeFailure for what the kernel or libbpf refuses, EbpmError for what is known to be wrong before */
  readonly attach: (request: AttachRequest) => Attachment;
}

/** A program that is to be attached. It is loaded. */
export interface AttachRequest {
  readonly native: NativeObject;
  readonly program: ProgramInfo;
  /** What its section says. */
  readonly kind: ProgramKind;
  readonly settings: ProgramSettings;
  readonly targets: Targets;
}

/** What holds a program attached. */
export interface Attachment {
  /** The kernel's links, for what they count. */
  readonly links?: readonly NativeLink[] | undefined;
  /** Where it is attached, where the section does not say it: `interface 3, driver mode`. */
  readonly place?: string | undefined;
  /** What is not as was asked for, and why. */
  readonly note?: string | undefined;
  /** What stays in the kernel when the process ends without detaching. */
  readonly remains?: readonly Remains[] | undefined;
  /** Leaves to another process what `close` needs privilege for, and gives what that is. */
  readonly entrust?: (() => readonly Entrusted[]) | undefined;
  /** Of an iterator: a descriptor, the caller's, that gives its text from the start. */
  readonly iterate?: (() => number) | undefined;
  /** Of a program that was run and is done: what it returned. */
  readonly returned?: number | undefined;
  /** Detaches. Safe to call twice. */
  close(): void;
}
