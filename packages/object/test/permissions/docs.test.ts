import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { HELPERS } from '../../src/permissions/helper-table.js';
import { KERNEL_FUNCTIONS } from '../../src/permissions/kernel-function-table.js';
import { PERMISSION_CLASSES, type PermissionClass } from '../../src/permissions/permission-class.js';

const TEXT = readFileSync(new URL('../../../../docs/permissions.md', import.meta.url), 'utf8');
const SECTIONS = new Map(
  TEXT.split(/^### /m)
    .slice(1)
    .map((section) => [section.split('\n', 1)[0], section]),
);

/** The names that a section lists in a line. */
function listed(permission: string, what: string): readonly string[] {
  const line =
    SECTIONS.get(permission)
      ?.split('\n')
      .find((candidate) => candidate.startsWith(`- ${what}:`)) ?? '';
  return [...line.matchAll(/`(\w+)`/g)].map(([, name = '']) => name);
}

describe('docs/permissions.md', () => {
  test('has a section for each class, in their order', () => {
    expect([...SECTIONS.keys()]).toEqual(Object.keys(PERMISSION_CLASSES));
  });

  test.each(Object.keys(PERMISSION_CLASSES) as PermissionClass[])(
    'lists the helpers and kernel functions of %s',
    (permission) => {
      const named = (rows: readonly (readonly [string, string, readonly PermissionClass[]])[]) =>
        rows.filter(([, , classes]) => classes.includes(permission)).map(([name]) => name);
      expect(listed(permission, 'helpers')).toEqual(named(HELPERS));
      expect(listed(permission, 'kernel functions')).toEqual(named(KERNEL_FUNCTIONS));
    },
  );
});
