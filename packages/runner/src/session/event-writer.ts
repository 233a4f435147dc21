import type { Printer, RecordBatch } from '@ebpm/events';
import type { StreamContext } from './stream.js';

/** Writes what a printer makes of events, up to the session's limit; sorted blocks at their interval, and the last one when it is closed. */
export class EventWriter {
  readonly #printer: Printer;
  readonly #context: Pick<StreamContext, 'write' | 'limit'>;
  readonly #timer: NodeJS.Timeout | undefined;

  /** Writes the header, if there is one. */
  constructor(printer: Printer, context: Pick<StreamContext, 'write' | 'limit'>) {
    this.#printer = printer;
    this.#context = context;
    const header = printer.header();
    if (header !== undefined) context.write(header);
    const { flush, intervalMs } = printer;
    if (flush !== undefined) this.#timer = setInterval(() => this.#write(() => flush(context.limit.left)), intervalMs);
  }

  write(batch: RecordBatch): void {
    this.#write(() => this.#printer.print(batch, this.#context.limit.left));
  }

  /** Safe to call twice. */
  close(): void {
    clearInterval(this.#timer);
    const { flush } = this.#printer;
    if (flush !== undefined) this.#write(() => flush(this.#context.limit.left, true));
  }

  #write(print: () => Uint8Array): void {
    const before = this.#printer.counts.printed;
    const text = print();
    if (text.length > 0) this.#context.write(text);
    this.#context.limit.take(this.#printer.counts.printed - before);
  }
}
