import { readFileSync } from 'node:fs';

const PAGE = new URL('../../docs/wasm.md', import.meta.url);
const BLOCK = /^```\w+ (\S+)\n(.*?)^```$/gms;

/** A project of docs/wasm.md, the first one by default, with one of its guests: the texts of its files by their names. */
export function documentedProject(guest: string, folder = ''): Readonly<Record<string, string>> {
  const blocks = [...readFileSync(PAGE, 'utf8').matchAll(BLOCK)].flatMap(([, path = '', text = '']) => {
    const name = path.slice(path.lastIndexOf('/') + 1);
    return path === `${folder}${name}` ? [[name, text] as const] : [];
  });
  const files = Object.fromEntries(blocks.filter(([name]) => !/^app\./.test(name) || name === guest));
  if (!(guest in files)) throw new Error(`docs/wasm.md has no ${guest}`);
  return files;
}
