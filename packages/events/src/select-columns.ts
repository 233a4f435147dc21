import { EbpmError } from '@ebpm/formats';
import { fieldAt } from './field-path.js';
import { COLUMN_LIMIT } from './limits.js';
import type { RecordType } from './record-type.js';

/**
 * The same records with only these fields, in this order, each named by its path. What is read stays where it is.
 *
 * @throws EBPM_FIELD_UNKNOWN, EBPM_COLUMNS_INVALID for a field that is named twice, none, or too many
 */
export function selectColumns(type: RecordType, paths: readonly string[]): RecordType {
  if (paths.length === 0) throw invalid('none is named');
  if (paths.length > COLUMN_LIMIT) throw invalid(`${paths.length} are named, the limit is ${COLUMN_LIMIT}`);
  const twice = paths.find((path, index) => paths.indexOf(path) !== index);
  if (twice !== undefined) throw invalid(`"${twice}" is named twice`);
  return { ...type, fields: paths.map((path) => fieldAt(type, path)) };
}

function invalid(reason: string): EbpmError {
  return new EbpmError('EBPM_COLUMNS_INVALID', `Cannot choose columns: ${reason}`, {
    hint: 'Name fields with commas between them: --columns pid,comm',
  });
}
