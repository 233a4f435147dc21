import { release } from 'node:os';
import { Recorder } from '@ebpm/runner';
import type { Context } from './context.js';
import { invokingUser } from './invoking-user.js';
import { createRecordingFile, type RecordingFile } from './recording-file.js';

/** A recording that is being written, and its file. */
export interface Recording {
  readonly recorder: Recorder;
  readonly file: RecordingFile;
}

/** Begins a recording of a package's run. @throws EBPM_FILE_UNWRITABLE, EBPM_RECORD_FAILED */
export function startRecording({ env }: Context, path: string, packageName: string): Recording {
  const file = createRecordingFile(path, invokingUser(env));
  const header = {
    package: packageName,
    kernel: release(),
    machine: process.arch,
    realtimeNs: String(nowNs()),
    monotonicNs: String(process.hrtime.bigint()),
  };
  return { file, recorder: new Recorder({ header, write: file.write, nowNs }) };
}

/** Nanoseconds since 1970; the clock has microseconds. */
function nowNs(): bigint {
  return BigInt(Math.round((performance.timeOrigin + performance.now()) * 1000)) * 1000n;
}
