import { readdirSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import { COMMAND_LOADERS } from '../src/command-table.js';

test('COMMAND_LOADERS has every command that there is a file for, by its name', () => {
  const folder = fileURLToPath(new URL('../src/commands', import.meta.url));
  const files = readdirSync(folder, { recursive: true, encoding: 'utf8' }).filter((file) => file.endsWith('.ts'));
  const ids = files.map((file) => file.slice(0, -'.ts'.length).replace('/', ':'));
  expect(Object.keys(COMMAND_LOADERS).sort()).toEqual(ids.sort());
});
