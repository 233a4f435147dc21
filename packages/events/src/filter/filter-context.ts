import type { EbpmError } from '@ebpm/formats';
import { fieldList, findField } from '../field-path.js';
import { LISTED_FIELD_LIMIT } from '../limits.js';
import type { PrinterOptions } from '../printer.js';
import type { RecordType } from '../record-type.js';
import type { RecordField } from '../value-type.js';
import { filterMistake } from './filter-mistake.js';
import type { FilterOperand } from './parse-filter.js';

/** A field that a filter names, and where. */
export interface FilterField extends RecordField {
  /** Where it stands in the filter. */
  readonly at: number;
  /** The code of its offset in `b`. */
  readonly offset: string;
}

/** What the parts of a filter's compiler share. */
export class FilterContext {
  /** What the code needs besides numbers. */
  readonly constants: unknown[] = [];
  readonly record: RecordType;
  readonly options: PrinterOptions;
  /** The filter. */
  readonly text: string;

  constructor(record: RecordType, text: string, options: PrinterOptions) {
    this.record = record;
    this.text = text;
    this.options = options;
  }

  /** Passes a value beside the code and returns its name. */
  constant(value: unknown): string {
    return `c${this.constants.push(value) - 1}`;
  }

  /** The field that an operand names; undefined when it names none. */
  field(operand: FilterOperand): FilterField | undefined {
    if (operand.kind !== 'path') return undefined;
    const { field } = findField(this.record, operand.text);
    return field === undefined ? undefined : { ...field, at: operand.at, offset: `o+${field.offsetBytes}` };
  }

  mistake(at: number, reason: string, advice?: string): EbpmError {
    return filterMistake(this.text, at, reason, advice);
  }

  unknownField({ text, at }: FilterOperand): EbpmError {
    const found = findField(this.record, text);
    if (found.field !== undefined) return this.mistake(at, 'a value should stand here');
    return this.mistake(at, found.reason, `${fieldList(found.paths)}\nText stands in quotes`);
  }

  /** For arrays and structs, which have no single value. */
  composite({ name, type, at }: FilterField): EbpmError {
    const parts = 'fields' in type ? type.fields.map((field) => `${name}.${field.name}`) : [`${name}[0]`];
    return this.mistake(at, `"${name}" is no single value`, fieldList(parts.slice(0, LISTED_FIELD_LIMIT)));
  }
}
