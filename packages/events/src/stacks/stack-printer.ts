import type { RecordCounts } from '../batch-writer.js';
import { createPrinter } from '../create-printer.js';
import type { Printer, PrinterOptions } from '../printer.js';
import { sortedPrinter } from '../sort/sorted-printer.js';
import type { FoldedStacks } from './folded-stacks.js';
import type { NamedStack, Symbolizer } from './stack-frame.js';
import type { StackReader } from './stack-reader.js';
import { nameStack, singleRecords, stackSample } from './stack-samples.js';
import { stackJson, stackText } from './stack-text.js';

/** How stacks are printed: in blocks for people, in JSON, or not at all because they are only counted. */
export type StackOutput = 'table' | 'json' | 'folded';

/** What a `stackPrinter` needs. */
export interface StackPrinting {
  readonly reader: StackReader;
  readonly symbolizer: Symbolizer;
  readonly output: StackOutput;
  /** Where stacks are added up, if they are. */
  readonly folded?: FoldedStacks | undefined;
  /** `filter`, `sort` and `top` choose records by the fields beside their stacks; `columns` and `timestamp` are for JSON. */
  readonly options?: PrinterOptions | undefined;
}

/**
 * Prints records that have stacks. In JSON, the names are in `stacks` beside the other fields.
 *
 * @throws the codes of `createPrinter`
 */
export function stackPrinter(printing: StackPrinting): Printer {
  const { reader, options = {} } = printing;
  const { sort } = options;
  if (sort === undefined) return unsortedPrinter(printing, options);
  const printer = unsortedPrinter(printing, { ...options, filter: undefined });
  return sortedPrinter(printer, reader.rest, { ...options, sort, blockHeaders: false });
}

function unsortedPrinter({ reader, symbolizer, output, folded }: StackPrinting, options: PrinterOptions): Printer {
  // Decides for every record whether it is sound and wanted, and writes all but its stacks.
  const rest = createPrinter('json', reader.rest, { ...options, sort: undefined, top: undefined });
  const key = stacksKey(reader);
  const counts = { printed: 0 };
  return {
    header: () => undefined,
    print: (batch, limit = Number.POSITIVE_INFINITY) => {
      const texts: string[] = [];
      let left = limit;
      for (const record of singleRecords(batch)) {
        if (left <= 0) break;
        const line = rest.print(record, 1);
        const sample = line.length === 0 ? undefined : stackSample(record, reader);
        if (sample === undefined) continue;
        const stack = nameStack(sample, symbolizer);
        folded?.add(stack);
        if (output === 'table') texts.push(stackText(stack));
        if (output === 'json') texts.push(withStacks(TEXT.decode(line), key, stack));
        left -= 1;
        counts.printed += 1;
      }
      return new TextEncoder().encode(texts.join(''));
    },
    counts: liveCounts(rest.counts, counts),
  };
}

/** What the other printer has counted so far, but for what has become a stack. */
function liveCounts(rest: RecordCounts, stacks: { readonly printed: number }): RecordCounts {
  return {
    get printed() {
      return stacks.printed;
    },
    get filtered() {
      return rest.filtered;
    },
    get malformed() {
      return rest.malformed;
    },
    get broken() {
      return rest.broken;
    },
  };
}

const TEXT = new TextDecoder();

function withStacks(line: string, key: string, stack: NamedStack): string {
  return `${line.replace(/\}\n$/, '')},"${key}":${stackJson(stack)}}\n`;
}

/** Underscores are added until no field has that name. */
function stacksKey({ rest }: StackReader): string {
  let key = 'stacks';
  while (rest.fields.some(({ name }) => name === key)) key += '_';
  return key;
}
