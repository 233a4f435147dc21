import { readdirSync, readFileSync } from 'node:fs';
import { ROOT } from './installation.js';

/** The examples that are a package without a guest: their object is that of their one source. */
export function packagedExamples(): readonly string[] {
  return readdirSync(`${ROOT}examples`).filter((name) => {
    const manifest = JSON.parse(readFileSync(`${ROOT}examples/${name}/ebpm.json`, 'utf8'));
    return manifest.entry === undefined;
  });
}
