export {
  type ProgramArguments,
  parseProgramArguments,
  type VariableValue,
} from './arguments/parse-program-arguments.js';
export { programHelp, programVersion } from './arguments/program-help.js';
export { type OptionName, type ProgramOption, programOptions } from './arguments/program-option.js';
export type { ValueKind } from './arguments/value-kind.js';
export { type CheckResult, checkPackage } from './check/check-package.js';
export { dryLoad } from './check/dry-load.js';
export {
  type Certainty,
  type Finding,
  type FindingCode,
  VERDICTS,
  type Verdict,
  verdictOf,
  worstVerdict,
} from './check/finding.js';
export type { Host } from './check/host.js';
export { hostOfBtf } from './check/host-of-btf.js';
export { KeptAnswers } from './check/kept-answers.js';
export { type ThisHostOptions, thisHost } from './check/this-host.js';
export { CONDITIONS, type Condition, type Diagnosis, diagnose, type Symptom } from './doctor/diagnose.js';
export type { Machine } from './doctor/machine.js';
export { thisMachine } from './doctor/this-machine.js';
export { RUNNER_ERRORS } from './errors.js';
export type { StartedTool, StartTool, ToolWish } from './guest/broker-tools.js';
export { GuestPrograms } from './guest/guest-programs.js';
export { type GuestProcessHandle, type GuestResult, runGuestSession } from './guest/run-guest-session.js';
export type { EventTypeChoice } from './inputs/event-types.js';
export { type OpenPackageOptions, openPackage } from './inputs/open-package.js';
export { chooseKernelBtf, type KernelBtfOptions } from './kernel-btf/choose-kernel-btf.js';
export { readBtfFile } from './kernel-btf/read-btf-file.js';
export type { Ledger, LedgerMap, LedgerProgram, LedgerReason, LedgerStream } from './ledger/ledger.js';
export type { LiveCounts } from './ledger/live-counts.js';
export type { LossOptions } from './ledger/loss-watch.js';
export { Recorder, type RecorderOptions } from './record/recorder.js';
export type { RecordingHeader } from './record/recording-format.js';
export { type ReplayOptions, type ReplayResult, replay } from './record/replay.js';
export type { ReplayedStream } from './record/replay-stream.js';
export type { RunnablePackage } from './runnable-package.js';
export { type Attached, runSession, type SessionOptions, type SessionResult } from './session/run-session.js';
export type { OutputKind, PerCpu, StreamTotals } from './session/stream.js';
