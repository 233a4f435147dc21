/** How much the command line takes and keeps. */

/** Bytes of each of the two files that hold the output of a background run: in memory, where /run lies. */
export const LOG_FILE_MAX_BYTES = 8 * 1024 * 1024;

/** Largest frame of such a log that is read: far above the 1 MiB batches whose text it holds. */
export const FRAME_MAX_BYTES = 256 * 1024 * 1024;

/** Bytes of the record of a background run: it has the arguments of a program, which are a command line. */
export const RUN_FILE_MAX_BYTES = 4 * 1024 * 1024;

/** Characters of a command to a background run, and of its answer: a word, and a few numbers. */
export const CONTROL_MAX_LENGTH = 4096;

/** Bytes of output that wait for a slow reader before no more is read from the kernel, whose buffers then fill up. */
export const WAITING_OUTPUT_MAX_BYTES = 8 * 1024 * 1024;

/** Milliseconds that a background run has to answer: it may be printing a full buffer. */
export const CONTROL_ANSWER_MS = 5000;

/** Milliseconds that a background run has to end before it is killed, as `docker stop` has it. */
export const STOP_WITHIN_MS = 10_000;

/** Milliseconds that a run which starts has to write down that it exists, before others take it for dead. */
export const RUN_NUMBER_WITHIN_MS = 2000;

/** Runs that have ended and whose output is kept; older ones are forgotten when another starts. */
export const ENDED_RUNS_KEPT = 20;

/** Bytes of an answer to a question: "yes". */
export const ANSWER_MAX_BYTES = 4096;

/** Bytes of the audit log before it is put aside: twenty thousand runs of a common size. */
export const AUDIT_FILE_MAX_BYTES = 16 * 1024 * 1024;

/** Files of the audit log that are kept beside the one that is written. */
export const AUDIT_FILES_KEPT = 4;

/** Programs of a run that a line of the audit log names: thousands would make lines that no tool reads. */
export const AUDIT_MAX_PROGRAMS = 100;

/** Variables, and folders, of a WASM module that such a line names: more than an ebpm.json can ask for. */
export const AUDIT_MAX_GRANTS = 100;

/** A list of revocations that is older than this is mentioned, in days: registries are rarely away for a week. */
export const REVOCATIONS_OLD_DAYS = 7;

/** Milliseconds that a tool which a module has started has to end before it is killed: one that is a module gives its own guest 2 s first. */
export const TOOL_END_MS = 5000;

/** Characters of a line that such a tool writes to stderr: a longer one is shown in pieces. */
export const TOOL_LINE_MAX_LENGTH = 64 * 1024;

/** Bytes that a process tells of the versions that it has looked at: a record of an installed version has 1 MiB at most, and most have a thousandth of that. */
export const LOOK_MAX_BYTES = 64 * 1024 * 1024;
