import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { REGISTRY_ERRORS } from '../src/errors.js';

describe('REGISTRY_ERRORS', () => {
  const here = import.meta.dirname;
  const files = readdirSync(here, { recursive: true, encoding: 'utf8' }).filter((path) => path.endsWith('.test.ts'));
  const tests = files.map((path) => readFileSync(join(here, path), 'utf8')).join('\n');

  it.each(Object.keys(REGISTRY_ERRORS))('%s is expected by a test', (code) => {
    expect(new RegExp(`'(\\d+ )?${code}'`).test(tests)).toBe(true);
  });

  it('is in alphabetical order', () => {
    expect(Object.keys(REGISTRY_ERRORS)).toEqual(Object.keys(REGISTRY_ERRORS).sort());
  });
});
