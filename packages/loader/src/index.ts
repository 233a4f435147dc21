export type { AttachOptions, SkippedProgram } from './attach-programs.js';
export { filesBeneath } from './beneath.js';
export type { NativeBeneath } from './binding.js';
export type { BufferCounts } from './buffer-counts.js';
export {
  type Capability,
  capAddFlags,
  effectiveCapabilities,
  inUserNamespace,
  kernelCapabilities,
  missingForBpf,
  missingOf,
} from './capabilities.js';
export type { Batch, ConsumeOptions, Consumer, OnBatch } from './consumer.js';
export { checkDroppable, dropOtherThreads, dropThisThread, type Identity } from './drop-privileges.js';
export { LOADER_ERRORS } from './errors.js';
export { becomeGuest, type GuestIdentity } from './guest/become-guest.js';
export {
  type Frame,
  receiveFrame,
  sendFrame,
  shedForChild,
  socketPair,
  waitReadable,
  waitReadableOf,
} from './guest/channel.js';
export type { DrivenObject, LentMap, LentPerf } from './guest/driven-object.js';
export { GuestBuffer } from './guest/guest-buffer.js';
export { MAP_COMMANDS, mapOperate } from './guest/map-operate.js';
export type { LoadedObject } from './loaded-object.js';
export { kernelBtf, minimalBtf, minimalKernelBtf } from './minimal-btf.js';
export { isNativeFailure } from './native-failure.js';
export { neededCapabilities } from './needed-capabilities.js';
export type { MapInfo, ProgramInfo } from './object-info.js';
export { possibleCpuCount } from './online-cpus.js';
export { type OpenObject, type OpenOptions, openObject } from './open-object.js';
export { PrivilegedHelper } from './privileged-helper.js';
export { bpfNeedsPrivilege } from './privileges.js';
export {
  hasKernelBtf,
  libbpfLinkage,
  libbpfVersion,
  probeMap,
  probeMapType,
  probeProgramType,
  type TrialMap,
} from './probe.js';
export { isAlive, type ProcessMark, processMark, startTicks } from './process-mark.js';
export type { ProgramCounts } from './program-counts.js';
export { PROGRAM_TYPES, programTypeOf } from './program-types/all.js';
export { findUserFile } from './program-types/find-user-file.js';
export { functionOffsets } from './program-types/function-offsets.js';
export { type FeatureAnswer, KERNEL_FEATURES, type KernelFeature } from './program-types/kernel-features.js';
export type { ProgramType } from './program-types/program-type.js';
export type { MapEntry, ReadMapOptions } from './read-map.js';
export type { RefusalCounter } from './refusal-counter.js';
export { type Entrusted, type Remains, removeRemains } from './remains.js';
export { RunStatistics } from './run-statistics.js';
export type { ProgramPlace, ReturnedProgram, RunningObject } from './running-object.js';
export type {
  NetfilterHook,
  NetfilterSettings,
  PerfEventName,
  PerfSettings,
  ProgramSettings,
  TargetKind,
  Targets,
  TcSettings,
} from './targets.js';
export { type TracingSupport, tracingSupport } from './tracing-support.js';
export { type CallAnswer, probeAttachment, probeHelper, probeKernelFunction, type TrialProgram } from './trial.js';
