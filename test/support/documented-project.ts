import { readFileSync } from 'node:fs';

const PAGE = new URL('../../docs/wasm.md', import.meta.url);
const BLOCK = /^```\w+ (\S+)\n(.*?)^```$/gms;

/** The project of docs/wasm.md with one of its guests: the texts of its files by their names. */
export function documentedProject(guest: string): Readonly<Record<string, string>> {
  const blocks = [...readFileSync(PAGE, 'utf8').matchAll(BLOCK)].map(
    ([, name = '', text = '']) => [name, text] as const,
  );
  const files = Object.fromEntries(blocks.filter(([name]) => !/^app\./.test(name) || name === guest));
  if (!(guest in files)) throw new Error(`docs/wasm.md has no ${guest}`);
  return files;
}
