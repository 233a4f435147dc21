import { join } from 'node:path';
import { EbpmError } from '@ebpm/formats';
import { findClang } from '../find-tool.js';
import { isFile } from '../is-file.js';
import { type RunOptions, runTool } from '../run-tool.js';
import { type NpmOptions, npmPackageFolder } from './npm-package-folder.js';

/** What compiles C to WASM. */
export type WasmClang =
  /** The system's clang, with its linker, wasi-libc and builtins. */
  | { readonly kind: 'system'; readonly clang: string }
  /** The npm package @yowasp/clang, whose module this is. */
  | { readonly kind: 'npm'; readonly module: string };

const NPM_PACKAGE = '@yowasp/clang';

/** What clang needs for WASM: how it names where that is, and the Debian package that brings it. */
const PARTS = [
  { part: 'wasm-ld', flag: '-print-prog-name=wasm-ld', debianPackage: 'lld' },
  { part: 'wasi-libc', flag: '-print-file-name=crt1-command.o', debianPackage: 'wasi-libc' },
  { part: "clang's builtins for WASM", flag: '-print-libgcc-file-name', debianPackage: 'libclang-rt-dev-wasm32' },
] as const;

/** The first that is complete: the system's, else npm's. @throws EBPM_TOOL_MISSING */
export async function findWasmClang(options: NpmOptions & RunOptions): Promise<WasmClang> {
  const system = await systemClang(options.searchPath, options);
  if (typeof system === 'string') return { kind: 'system', clang: system };
  const folder = await npmPackageFolder(NPM_PACKAGE, options);
  if (folder !== undefined) return { kind: 'npm', module: join(folder, 'gen/bundle.js') };
  const missing = system.map(({ part }) => part).join(', ');
  const debianPackages = system.map(({ debianPackage }) => debianPackage).join(' ');
  throw new EbpmError(
    'EBPM_TOOL_MISSING',
    `Cannot compile C to WASM: ${missing} ${system.length === 1 ? 'is' : 'are'} not installed`,
    {
      hint: `On Debian and Ubuntu: sudo apt-get install ${debianPackages}\nElsewhere: npm install -g ${NPM_PACKAGE}`,
      data: { tool: missing, debianPackage: debianPackages, npmPackage: NPM_PACKAGE },
    },
  );
}

interface Part {
  readonly part: string;
  readonly debianPackage: string;
}

/** The path of clang, or what it is without. */
async function systemClang(searchPath: string, options: RunOptions): Promise<string | readonly Part[]> {
  const clang = await findClang(searchPath, options).catch((error: unknown) => {
    if (error instanceof EbpmError && error.code === 'EBPM_TOOL_MISSING') return undefined;
    throw error;
  });
  if (clang === undefined) return [{ part: 'clang', debianPackage: 'clang' }, ...PARTS];
  const missing: Part[] = [];
  for (const part of PARTS) {
    const { stdout } = await runTool(clang, ['--target=wasm32-wasi', part.flag], options);
    if (!(await isFile(stdout.trim()))) missing.push(part);
  }
  return missing.length === 0 ? clang : missing;
}
