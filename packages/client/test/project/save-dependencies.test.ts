import { chmodSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { saveDependencies } from '../../src/project/save-dependencies.js';
import { temporaryHome } from '../temporary-home.js';

describe('saveDependencies()', () => {
  it('replaces the dependencies alone, and keeps order and indentation', async () => {
    const folder = temporaryHome();
    const path = join(folder, 'ebpm.json');
    writeFileSync(
      path,
      '{\n\t"manifest": 1,\n\t"dependencies": {"x": "1.0.0"},\n\t"name": "mine",\n\t"version": "1.0.0"\n}',
    );
    await saveDependencies(folder, { zoo: '^1.0.0', '@acme/x': '*' });
    expect(readFileSync(path, 'utf8')).toBe(
      '{\n\t"manifest": 1,\n\t"dependencies": {\n\t\t"@acme/x": "*",\n\t\t"zoo": "^1.0.0"\n\t},\n\t"name": "mine",\n\t"version": "1.0.0"\n}\n',
    );
  });

  it('says where it cannot write', async () => {
    const folder = temporaryHome();
    writeFileSync(join(folder, 'ebpm.json'), '{"manifest":1}');
    chmodSync(folder, 0o500);
    const saving = saveDependencies(folder, {});
    // Root may write everywhere.
    if (process.getuid?.() === 0) await saving;
    else await expect(saving).rejects.toMatchObject({ code: 'EBPM_PROJECT_FILE' });
    chmodSync(folder, 0o700);
    rmSync(join(folder, 'ebpm.json'));
    mkdirSync(join(folder, 'ebpm.json'));
    await expect(saveDependencies(folder, {})).rejects.toMatchObject({ code: 'EBPM_PROJECT_FILE' });
  });
});
