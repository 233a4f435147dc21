import type { ArrayType, RecordField, ValueType } from '../value-type.js';
import { jsonEnumText } from '../write/enum-names.js';
import { jsonText } from '../write/json-text.js';
import { isText } from '../write/write-json-string.js';
import { hexName } from './hex-name.js';
import type { RowBuilder } from './row-builder.js';
import { type ScalarStyle, scalarCode } from './scalar-code.js';
import { sizeCode } from './size-code.js';

/** Adds code that writes fields as a JSON object, in their order. `at` is the code of where their struct starts in `b`. */
export function addJsonObject(row: RowBuilder, fields: readonly RecordField[], at: string): void {
  row.text('{');
  addJsonMembers(row, fields, at);
  row.text('}');
}

/** The same without the braces. */
export function addJsonMembers(row: RowBuilder, fields: readonly RecordField[], at: string): void {
  const names = new Set(fields.map((field) => field.name));
  fields.forEach((field, index) => {
    row.text(`${index === 0 ? '' : ','}${jsonText(field.name)}:`);
    addJsonValue(row, field.type, `${at}+${field.offsetBytes}`, `,${jsonText(hexName(field.name, names))}:`);
  });
}

/** Adds code that writes one value as JSON. `hexKey` is what stands before the hex of text that is not UTF-8; '' leaves the hex out. */
export function addJsonValue(row: RowBuilder, type: ValueType, at: string, hexKey: string): void {
  switch (type.kind) {
    case 'string':
      row.write(`writeJsonString(t,p,b,${at},${sizeCode(type, at)},${row.constant(hexKey)})`);
      break;
    case 'array':
      if (!isText(type)) addJsonArray(row, type, at);
      else row.write(`writeJsonStrings(t,p,b,${at},${textsCode(row, type, at)},${row.constant(hexKey)})`);
      break;
    case 'struct':
    case 'union':
      addJsonObject(row, type.fields, at);
      break;
    default:
      row.write(scalarCode(row, type, at, JSON_STYLE));
  }
}

const JSON_STYLE: ScalarStyle = {
  enumText: jsonEnumText,
  writeWide: 'writeQuotedBigInt',
  writeFloat: 'writeJsonDouble',
};

/** Code of the type of an array of text, with as many elements as there are. */
function textsCode(row: RowBuilder, type: ArrayType, at: string): string {
  const constant = row.constant(type);
  return type.flexible === true ? `{...${constant},length:${countCode(type, at)}}` : constant;
}

/** Code of how many elements an array has. */
function countCode(type: ArrayType, at: string): string {
  return type.flexible === true ? `Math.floor(${sizeCode(type, at)}/${type.element.sizeBytes})` : String(type.length);
}

function addJsonArray(row: RowBuilder, type: ArrayType, at: string): void {
  const index = row.local();
  row.text('[');
  row.code(`for(let ${index}=0,e=${countCode(type, at)};${index}<e;${index}++){if(${index}!==0)t[p++]=44;`);
  addJsonValue(row, type.element, `${at}+${index}*${type.element.sizeBytes}`, '');
  row.code('}');
  row.text(']');
}
