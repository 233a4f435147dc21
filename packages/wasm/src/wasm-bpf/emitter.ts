import {
  createPrinter,
  frameRecords,
  type Printer,
  type PrinterKind,
  type PrinterOptions,
  recordType,
} from '@ebpm/events';
import { type Btf, CheckedObject } from '@ebpm/object';
import type { ShownEvents } from '../guest/shown-events.js';
import { EINVAL, ENOENT } from './errno.js';
import type { OwnObject } from './guest-objects.js';

/** How records that a guest emits are shown. */
export interface EmitOptions {
  readonly kind: PrinterKind;
  readonly printing: PrinterOptions;
  readonly write: (chunk: Uint8Array | string) => void;
  /** Counts them, and says how many more are wanted. */
  readonly shown: ShownEvents;
}

interface StructPrinter {
  readonly sizeBytes: number;
  readonly printer: Printer;
}

/** Prints records that a guest makes, as the events of other packages are printed: their structs are those of its eBPF objects. */
export class Emitter {
  readonly #options: EmitOptions;
  readonly #printers = new WeakMap<OwnObject, Map<string, StructPrinter | undefined>>();
  readonly #types = new WeakMap<OwnObject, Btf>();
  #last: Printer | undefined;
  #blockStart = Date.now();

  constructor(options: EmitOptions) {
    this.#options = options;
  }

  /** Prints a record of a struct of the object; 0, -ENOENT where the object has no such struct, -EINVAL where it has another size. @throws EbpmError where it cannot be shown so, GuestStop behind the last that is wanted */
  emit(own: OwnObject, struct: string, record: Uint8Array): number {
    const found = this.#printer(own, struct);
    if (found === undefined) return -ENOENT;
    if (found.sizeBytes !== record.length) return -EINVAL;
    const { printer } = found;
    if (this.#last !== printer) this.#begin(printer);
    this.#show(printer, (limit) => printer.print(frameRecords([[record]]), limit));
    this.#flush(printer, false);
    this.#options.shown.endIfEnough();
    return 0;
  }

  /** Prints what is held back until a block is full. */
  close(): void {
    if (this.#last !== undefined) this.#flush(this.#last, true);
  }

  /** The header stands before the rows whenever other records were shown last. */
  #begin(printer: Printer): void {
    if (this.#last !== undefined) this.#flush(this.#last, true);
    this.#last = printer;
    const header = printer.header();
    if (header !== undefined) this.#options.write(header);
  }

  #flush(printer: Printer, isLast: boolean): void {
    const { flush, intervalMs = 0 } = printer;
    if (flush === undefined || (!isLast && Date.now() - this.#blockStart < intervalMs)) return;
    this.#blockStart = Date.now();
    this.#show(printer, (limit) => flush(limit, isLast));
  }

  #show({ counts }: Printer, print: (limit: number) => Uint8Array): void {
    const { shown, write } = this.#options;
    const before = counts.printed;
    const text = print(shown.left);
    if (text.length > 0) write(text);
    shown.add(counts.printed - before);
  }

  #printer(own: OwnObject, struct: string): StructPrinter | undefined {
    const known = this.#printers.get(own) ?? new Map<string, StructPrinter | undefined>();
    this.#printers.set(own, known);
    if (!known.has(struct)) known.set(struct, this.#makePrinter(own, struct));
    return known.get(struct);
  }

  #makePrinter(own: OwnObject, struct: string): StructPrinter | undefined {
    const btf = this.#types.get(own) ?? CheckedObject.read(own.bytes).object.btf;
    if (btf === undefined) return undefined;
    this.#types.set(own, btf);
    for (let id = 1; id < btf.count; id++) {
      const type = btf.type(id);
      if (type.kind !== 'struct' || type.name !== struct) continue;
      const { kind, printing } = this.#options;
      return { sizeBytes: type.sizeBytes, printer: createPrinter(kind, recordType(btf, id), printing) };
    }
    return undefined;
  }
}
