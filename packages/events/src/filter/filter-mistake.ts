import { EbpmError } from '@ebpm/formats';

/**
 * What is wrong with a filter, with a copy of it and a mark below the place. `at` counts characters (UTF-16 units) from 0; people are told
 * from 1.
 */
export function filterMistake(text: string, at: number, reason: string, advice?: string): EbpmError {
  const start = Math.max(0, at - CONTEXT);
  const line = text.slice(start, at + CONTEXT).replace(/[^ -~]/gu, '?');
  const hint = [line, `${' '.repeat(at - start)}^`, ...(advice === undefined ? [] : [advice])].join('\n');
  return new EbpmError('EBPM_FILTER_INVALID', `Cannot read the filter at character ${at + 1}: ${reason}`, {
    hint,
    data: { at: at + 1 },
  });
}

/** Characters that are shown before and after the place. */
const CONTEXT = 60;
