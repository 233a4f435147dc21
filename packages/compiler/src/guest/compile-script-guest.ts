import { cp } from 'node:fs/promises';
import { join } from 'node:path';
import { EbpmError } from '@ebpm/formats';
import { MAX_GUEST_BYTES } from '../limits.js';
import { readLimited } from '../read-limited.js';
import { guestLibrary } from './guest-library.js';
import type { CompiledGuest, GuestOptions } from './guest-options.js';
import { type NpmOptions, npmPackageFolder } from './npm-package-folder.js';
import { runNpmTool } from './run-npm-tool.js';

const NPM_PACKAGE = 'assemblyscript';

/**
 * Compiles the AssemblyScript source of a guest to a command of WASI, whose functions the host can call back. The compiler runs in a
 * process of its own, takes no settings from the project and runs nothing of it.
 * @throws EBPM_BUILD_COMPILE_FAILED with the compiler's messages in data.diagnostics, EBPM_TOOL_MISSING, EBPM_BUILD_TOO_LARGE
 */
export async function compileScriptGuest(options: GuestOptions): Promise<CompiledGuest> {
  const { folder, paths, skeletonDir, tempDir } = options;
  const compiler = await findCompiler(options);
  const [source = ''] = paths;
  const output = join(tempDir, 'app.wasm');
  // The library lies beside the skeletons, which import it.
  await cp(join(guestLibrary(), 'ebpm.ts'), join(skeletonDir, 'ebpm.ts'));
  const { exitCode, stderr } = await runNpmTool(
    'assemblyscript.mjs',
    [compiler, folder, skeletonDir, source, output],
    options,
  );
  if (exitCode === 0) return { module: await readLimited(output, MAX_GUEST_BYTES), diagnostics: stderr };
  const path = join(folder, source);
  throw new EbpmError('EBPM_BUILD_COMPILE_FAILED', `Cannot compile "${path}": AssemblyScript refuses it`, {
    data: { source: path, exitCode, diagnostics: stderr },
  });
}

async function findCompiler(options: NpmOptions): Promise<string> {
  const found = await npmPackageFolder(NPM_PACKAGE, options);
  if (found !== undefined) return join(found, 'dist/asc.js');
  throw new EbpmError('EBPM_TOOL_MISSING', 'Cannot build: "assemblyscript" is not installed', {
    hint: `Type: npm install -g ${NPM_PACKAGE}\nOr, where ebpm is installed in the project: npm install --save-dev ${NPM_PACKAGE}`,
    data: { tool: NPM_PACKAGE, npmPackage: NPM_PACKAGE },
  });
}
