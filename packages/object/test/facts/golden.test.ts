import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { readPackageContent } from '@ebpm/formats';
import { packageFactsKind, validate } from '@ebpm/schemas';
import { describe, expect, test } from 'vitest';
import { CheckedObject } from '../../src/checked-object.js';
import { FACTS_VERSION } from '../../src/facts/facts-version.js';
import { checkedObjectFacts, objectFacts } from '../../src/facts/object-facts.js';
import { factsBytes, packageFacts } from '../../src/facts/package-facts.js';

/**
 * Packages as they were built once, and the facts of each version of the analysis. They are never changed: another analysis that gives
 * other bytes needs another `FACTS_VERSION`, whose files `EBPM_UPDATE_GOLDEN=1` makes.
 */
const FOLDER = new URL('golden/', import.meta.url);
const PACKAGES = readdirSync(FOLDER).filter((name) => /^[a-z-]+\.json$/.test(name));

describe('packageFacts()', () => {
  test.each(PACKAGES)('packageFacts() of %s are the bytes that they were when their version was new', (name) => {
    const bytes = new Uint8Array(readFileSync(new URL(name, FOLDER)));
    const facts = packageFacts([{ path: 'package.json', bytes }]);
    const golden = new URL(name.replace('.json', `.facts-${FACTS_VERSION}.txt`), FOLDER);
    if (process.env['EBPM_UPDATE_GOLDEN'] === '1' && !existsSync(golden)) writeFileSync(golden, factsBytes(facts));
    expect(new TextDecoder().decode(factsBytes(facts))).toBe(readFileSync(golden, 'utf8'));
    expect(validate(packageFactsKind, facts)).toMatchObject({ ok: true });
  });

  test.each(PACKAGES)('checkedObjectFacts() of what %s holds are the same', (name) => {
    const bytes = new Uint8Array(readFileSync(new URL(name, FOLDER)));
    const content = readPackageContent(bytes, name);
    if (!('object' in content)) throw new Error(`${name} holds no object`);
    const place = { file: 'package.json', part: 0 };
    expect(checkedObjectFacts(CheckedObject.read(content.object), place)).toEqual(objectFacts(content.object, place));
  });

  test('there are some packages to be read', () => {
    expect(PACKAGES.length).toBeGreaterThan(3);
  });
});
