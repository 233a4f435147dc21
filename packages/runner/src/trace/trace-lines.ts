/** One `bpf_printk` of any program on the machine. */
export interface TraceLine {
  readonly comm: string;
  /** The thread. */
  readonly pid: number;
  readonly cpu: number;
  /** Without the newline that most formats end with. */
  readonly message: string;
}

/** What was read of a trace_pipe. */
export interface TraceText {
  readonly lines: readonly TraceLine[];
  /** Lines that the kernel dropped before. */
  readonly lost: bigint;
}

/**
 * Takes the text of a trace_pipe apart. A line is `comm-pid [cpu] flags time: bpf_trace_printk: message`; a message may have lines of its
 * own, so what is no beginning belongs to the message before it.
 *
 * @see https://www.kernel.org/doc/html/latest/trace/ftrace.html
 */
export function readTraceText(text: string): TraceText {
  const lines: { -readonly [Key in keyof TraceLine]: TraceLine[Key] }[] = [];
  let lost = 0n;
  for (const line of text.split('\n')) {
    const dropped = LOST.exec(line)?.[1];
    const [, comm, pid, cpu, message] = BEGINNING.exec(line) ?? [];
    const last = lines.at(-1);
    if (dropped !== undefined) lost += BigInt(dropped);
    else if (comm !== undefined) lines.push({ comm, pid: Number(pid), cpu: Number(cpu), message: message ?? '' });
    else if (last !== undefined) last.message += `\n${line}`;
  }
  return { lines: lines.map((line) => ({ ...line, message: line.message.replace(/\n+$/, '') })), lost };
}

/** A process may call itself anything that has at most 15 bytes: the first place where all that follows fits is the right one. */
const BEGINNING = /^ *(.{0,16}?)-(\d{1,7}) +\[(\d{3,5})\] [^\s]{1,8} +\d+\.\d+: bpf_trace_printk: (.*)$/;
const LOST = /^CPU:\d+ \[LOST (\d+) EVENTS\]$/;
