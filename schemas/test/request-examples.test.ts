import { readdirSync, readFileSync } from 'node:fs';
import { expect, it } from 'vitest';

const FOLDER = new URL('../api/', import.meta.url);
const files = readdirSync(FOLDER).filter((name) => /-(parameters|query)\.schema\.json$/.test(name));

it.each(files)('%s has an example of whatever has a pattern, which a refusal shows instead of it', (name) => {
  const { properties } = JSON.parse(readFileSync(new URL(name, FOLDER), 'utf8'));
  const shapes = Object.entries(properties as Record<string, { pattern?: string; examples?: readonly string[] }>);
  expect(shapes).not.toEqual([]);
  for (const [key, { pattern, examples = [] }] of shapes) {
    if (pattern === undefined) continue;
    expect({ key, examples }).not.toEqual({ key, examples: [] });
    for (const example of examples) expect(example).toMatch(new RegExp(pattern));
  }
});
