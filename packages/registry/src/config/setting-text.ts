import type { Setting } from './setting-table.js';
import { splitList } from './split-list.js';

/**
 * Turns what a flag or a variable says into a value of the setting's type. What is none of that type stays a text, which the
 * schema then refuses.
 */
export function parseSetting({ type }: Setting, text: string | boolean): unknown {
  if (typeof text === 'boolean') return text;
  switch (type) {
    case 'string':
      return text;
    case 'integer':
      return /^-?\d{1,15}$/.test(text) ? Number(text) : text;
    case 'boolean':
      return text === 'true' ? true : text === 'false' ? false : text;
    case 'list':
      return splitList(text);
    case 'json':
      return jsonOr(text);
  }
}

/** Shows a value as a flag or a variable would say it. */
export function settingText(value: unknown): string {
  if (Array.isArray(value) && value.every((item) => typeof item === 'string')) return value.join(',');
  return typeof value === 'object' ? JSON.stringify(value) : String(value);
}

function jsonOr(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    if (error instanceof SyntaxError) return text;
    throw error;
  }
}
