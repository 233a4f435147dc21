import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { ROOT } from './run-step.mjs';

// Every code that the sources name has its row in its package's errors.ts and its one section in docs/errors.md, and the reverse.
/** Environment variables share the prefix. */
const VARIABLES = /EBPM_(?:HOME|REGISTRY|TOKEN|CA_FILE|SIGNING_KEY|SIGNING_KEY_FILE|REGISTRY_[A-Z_]+)\b/;

const sections = matches(readFileSync(join(ROOT, 'docs/errors.md'), 'utf8'), /^### (EBPM_[A-Z0-9_]+)$/gm);
const documented = new Set(sections);
const tables = new Set();
const used = new Map();
for (const name of readdirSync(join(ROOT, 'packages'))) {
  const folder = `packages/${name}/src`;
  const table = join(ROOT, folder, 'errors.ts');
  if (existsSync(table))
    for (const code of matches(readFileSync(table, 'utf8'), /^ {2}(EBPM_[A-Z0-9_]+):/gm)) tables.add(code);
  for (const path of readdirSync(join(ROOT, folder), { recursive: true })) {
    if (!path.endsWith('.ts') || path === 'errors.ts') continue;
    const text = readFileSync(join(ROOT, folder, path), 'utf8');
    for (const [code] of text.matchAll(/(?<=['`])EBPM(?:_[A-Z0-9]+)+(?=['`])/g)) used.set(code, `${folder}/${path}`);
  }
}

const problems = [
  ...sections
    .filter((code, at) => sections.indexOf(code) < at)
    .map((code) => `docs/errors.md: ${code} has two sections`),
  ...[...tables].filter((code) => !documented.has(code)).map((code) => `${code} has no section in docs/errors.md`),
  ...[...documented].filter((code) => !tables.has(code)).map((code) => `docs/errors.md: ${code} is in no errors.ts`),
  ...[...tables].filter((code) => !used.has(code)).map((code) => `${code} stands in an errors.ts and is never thrown`),
  ...[...used]
    .filter(([code]) => !tables.has(code) && !VARIABLES.test(code))
    .map(([code, file]) => `${file}: ${code} is in no errors.ts`),
];
if (problems.length > 0) {
  process.stderr.write(`Error codes and their documentation disagree:\n${problems.join('\n')}\n`);
  process.exit(1);
}

function matches(text, pattern) {
  return [...text.matchAll(pattern)].map((match) => match[1]);
}
