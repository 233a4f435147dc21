// Loads each program of an object, alone, and prints what came of it. Usage: node load-each.mjs OBJECT
import { readFileSync } from 'node:fs';
import { openObject } from '@ebpm/loader';
import { CheckedObject } from '@ebpm/object';

const object = CheckedObject.read(readFileSync(process.argv[2]));
const names = openObject(object, { name: 'kinds' }).programs.map(({ name }) => name);
const results = names.map((name) => {
  const open = openObject(object, { name: 'kinds' });
  const { section } = open.programs.find((program) => program.name === name);
  for (const other of names) open.setAutoload(other, other === name);
  try {
    open.load().close();
    return { section, missing: [] };
  } catch (error) {
    if (error.code !== 'EBPM_NOT_PERMITTED') return { section, error: error.message };
    return { section, missing: error.data.missingCapabilities ?? 'none is named' };
  }
});
console.log(JSON.stringify(results));
