import { readdirSync, readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import * as schemas from '../src/index.js';

type JsonSchema = schemas.JsonSchema;

const FILES = ['', 'api/', 'cli/'].flatMap((folder) =>
  readdirSync(new URL(`../${folder}`, import.meta.url))
    .filter((name) => name.endsWith('.schema.json'))
    .map((name) => `${folder}${name}`),
);

describe('schemas', () => {
  test.each(FILES)('schemas has for %s a constant and a kind that say the same', (file) => {
    const json = JSON.parse(readFileSync(new URL(`../${file}`, import.meta.url), 'utf8'));
    const id = json.title[0].toLowerCase() + json.title.slice(1);
    expect(schemas).toMatchObject({ [`${id}Schema`]: json, [`${id}Kind`]: { schema: json } });
  });

  test.each(FILES)('schemas describes every key of %s', (file) => {
    const json = JSON.parse(readFileSync(new URL(`../${file}`, import.meta.url), 'utf8'));
    expect(undescribed(json, json, '')).toEqual([]);
  });
});

/** Paths of the properties that have no description, neither of their own nor of what they refer to. */
function undescribed(root: JsonSchema, at: unknown, path: string): readonly string[] {
  if (typeof at !== 'object' || at === null) return [];
  const properties = Object.entries((at as { properties?: Record<string, JsonSchema> }).properties ?? {});
  const missing = properties.filter(([, property]) => !isDescribed(root, property)).map(([key]) => `${path}/${key}`);
  return [...missing, ...Object.entries(at).flatMap(([key, child]) => undescribed(root, child, `${path}/${key}`))];
}

function isDescribed(root: JsonSchema, property: JsonSchema): boolean {
  if ('description' in property) return true;
  const name = String(property['$ref']).replace('#/definitions/', '');
  return 'description' in ((root['definitions'] as Record<string, JsonSchema> | undefined)?.[name] ?? {});
}
