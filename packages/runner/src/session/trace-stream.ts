import { createPrinter, frameRecords, type Printer, type RecordType } from '@ebpm/events';
import { TRACE_TURN_MS } from '../limits.js';
import type { RecordBatchBytes } from '../record/recorder.js';
import type { RunnablePackage } from '../runnable-package.js';
import { FormatPattern } from '../trace/format-pattern.js';
import { printedFormats } from '../trace/printed-formats.js';
import { TraceInstance } from '../trace/trace-instance.js';
import { readTraceText, type TraceLine } from '../trace/trace-lines.js';
import type { EventLimit } from './event-limit.js';
import { EventWriter } from './event-writer.js';
import { refuseFolding } from './stack-output.js';
import type { Stream, StreamContext, StreamOptions, StreamPlan } from './stream.js';
import { TimedTurns } from './timed-turns.js';

/**
 * The stream of what a package's programs print with `bpf_printk`; none where they do not.
 *
 * @throws EBPM_STACKS_MISSING, the codes of `createPrinter`
 */
export function planTraceStreams(pkg: RunnablePackage, options: StreamOptions): readonly StreamPlan[] {
  const formats = printedFormats(pkg);
  if (formats === undefined) return [];
  refuseFolding(NAME, options);
  if (options.output === 'folded') throw new TypeError('Only stacks can be folded');
  const printer = createPrinter(options.output, TYPE, options.printing);
  const patterns = formats.map((format) => new FormatPattern(format));
  return [{ name: NAME, open: (_, context) => new TraceStream({ patterns, printer }, context) }];
}

const NAME = 'bpf_printk';

/** The kernel cuts a message at 1024 bytes (BPF_TRACE_PRINTK_SIZE), and the name of a process at 16. */
const COMM_BYTES = 16;
const MESSAGE_BYTES = 1024;

const TYPE: RecordType = {
  name: NAME,
  sizeBytes: 8 + COMM_BYTES + MESSAGE_BYTES,
  fields: [
    { name: 'pid', offsetBytes: 0, typeName: 'pid_t', type: { kind: 'int', sizeBytes: 4, signed: true } },
    { name: 'cpu', offsetBytes: 4, typeName: 'u32', type: { kind: 'int', sizeBytes: 4, signed: false } },
    { name: 'comm', offsetBytes: 8, typeName: 'char[16]', type: { kind: 'string', sizeBytes: COMM_BYTES } },
    {
      name: 'message',
      offsetBytes: 8 + COMM_BYTES,
      typeName: 'char[1024]',
      type: { kind: 'string', sizeBytes: MESSAGE_BYTES },
    },
  ],
};

/** What a `TraceStream` shows, and how. */
interface Tracing {
  readonly patterns: readonly FormatPattern[];
  readonly printer: Printer;
}

/** Reads our own trace instance, and prints the lines that a format of the object can have made. */
class TraceStream implements Stream {
  readonly name = NAME;
  readonly done: Promise<void>;
  readonly #patterns: readonly FormatPattern[];
  readonly #limit: EventLimit;
  readonly #instance: TraceInstance;
  readonly #printer: Printer;
  readonly #writer: EventWriter;
  readonly #record: RecordBatchBytes | undefined;
  readonly #turns: TimedTurns;
  #lost = 0n;

  constructor({ patterns, printer }: Tracing, context: StreamContext) {
    this.#patterns = patterns;
    this.#limit = context.limit;
    this.#printer = printer;
    this.#instance = TraceInstance.open();
    context.entrustFolder(this.#instance.path);
    this.#writer = new EventWriter(printer, context);
    this.#record = context.recorder?.stream(NAME, TYPE);
    const release = () => {
      this.#writer.close();
      this.#instance.close();
    };
    this.#turns = new TimedTurns(TRACE_TURN_MS, () => this.#turn(), release);
    this.done = this.#turns.done;
  }

  totals() {
    const { printed, malformed } = this.#printer.counts;
    return { name: this.name, events: printed, malformed, lost: this.#lost };
  }

  pause(): void {
    this.#turns.pause();
  }

  resume(): void {
    this.#turns.resume();
  }

  close(): void {
    if (!this.#turns.end()) return;
    try {
      this.#turn();
      this.#writer.close();
    } finally {
      this.#instance.close();
    }
  }

  #turn(): void {
    const { lines, lost } = readTraceText(this.#instance.read());
    this.#lost += lost;
    const ours = lines.filter(({ message }) => this.#patterns.some((pattern) => pattern.matches(message)));
    if (ours.length === 0) return;
    const batch = frameRecords(ours.map((line) => [recordOf(line)]));
    this.#record?.(batch.bytes);
    if (this.#limit.left > 0) this.#writer.write(batch);
  }
}

function recordOf({ pid, cpu, comm, message }: TraceLine): Uint8Array {
  const bytes = new Uint8Array(TYPE.sizeBytes);
  const view = new DataView(bytes.buffer);
  view.setInt32(0, pid, true);
  view.setUint32(4, cpu, true);
  const text = new TextEncoder();
  text.encodeInto(comm, bytes.subarray(8, 8 + COMM_BYTES));
  text.encodeInto(message, bytes.subarray(8 + COMM_BYTES));
  return bytes;
}
