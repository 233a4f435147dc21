export type { RecordCounts } from './batch-writer.js';
export { createPrinter } from './create-printer.js';
export { type CustomMember, customRecordType } from './custom-record-type.js';
export { EVENTS_ERRORS } from './errors.js';
export { fieldAt } from './field-path.js';
export { compileFilter, type RecordFilter } from './filter/compile-filter.js';
export { printable, printableBytes, printableText } from './printable.js';
export type { Architecture, Printer, PrinterFactory, PrinterOptions, Terminal } from './printer.js';
export { PRINTERS, type PrinterKind } from './printers/all.js';
export {
  RECORD_BUSY,
  RECORD_DISCARDED,
  RECORD_HEADER_BYTES,
  RECORD_LENGTH_MASK,
  type RecordBatch,
} from './record-batch.js';
export { type RecordType, recordType } from './record-type.js';
export { recordTypeFromJson, recordTypeToJson } from './record-type-json.js';
export { drawHistogram, type HistogramScale, type HistogramStyle } from './sampled/draw-histogram.js';
export { frameRecords } from './sampled/frame-records.js';
export { histogramPrinter } from './sampled/histogram-printer.js';
export {
  type KeyValueMap,
  type KeyValueOptions,
  keyValueColumns,
  keyValueType,
} from './sampled/key-value-type.js';
export { sumCpuValues } from './sampled/sum-cpu-values.js';
export { RecordBlock, type RecordBlockOptions } from './sort/record-block.js';
export { type SortKey, type SortKeyReader, sortKey } from './sort/sort-key.js';
export type { SortOrder } from './sort/sort-order.js';
export { embeddedStacks, STACK_FIELD_NAMES, type StackFieldNames } from './stacks/embedded-stacks.js';
export { type FlameGraphOptions, flameGraph } from './stacks/flame-graph.js';
export { type FoldedStack, FoldedStacks } from './stacks/folded-stacks.js';
export { mappedStacks, type StackOf } from './stacks/mapped-stacks.js';
export type { NamedStack, StackFrame, StackSample, Symbolizer } from './stacks/stack-frame.js';
export { type StackOutput, type StackPrinting, stackPrinter } from './stacks/stack-printer.js';
export type { StackReader } from './stacks/stack-reader.js';
export { nameStack, singleRecords, stackSample } from './stacks/stack-samples.js';
export { TIMESTAMP_KINDS, type TimestampKind } from './timestamp.js';
export type {
  ArrayType,
  BitfieldType,
  BoolType,
  CompositeType,
  EnumType,
  FloatType,
  IntType,
  PointerType,
  RecordField,
  StringType,
  ValueType,
} from './value-type.js';
