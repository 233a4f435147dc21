import { EbpmError } from '@ebpm/formats';
import type { OpenObject } from '@ebpm/loader';
import type { VariableValue } from './parse-program-arguments.js';

/**
 * Writes variables into the initial data of an object that is not yet loaded.
 *
 * @throws EBPM_PACKAGE_INCONSISTENT when a variable does not lie in its section
 */
export function applyValues(open: OpenObject, values: readonly VariableValue[]): void {
  for (const section of new Set(values.map(({ option }) => option.section))) {
    const data = open.initialValue(section);
    if (data === undefined) throw new TypeError(`"${section}" is not a data section`);
    for (const { option, bytes } of values) {
      if (option.section !== section) continue;
      if (option.offsetBytes + bytes.length > data.length) {
        throw new EbpmError(
          'EBPM_PACKAGE_INCONSISTENT',
          `Cannot set "${option.variable}": it lies outside of its section "${section}"`,
        );
      }
      data.set(bytes, option.offsetBytes);
    }
    open.setInitialValue(section, data);
  }
}
