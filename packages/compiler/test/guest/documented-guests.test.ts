import { describe, expect, it } from 'vitest';
import { documentedProject } from '../../../../test/support/documented-project.js';
import { buildProject } from '../../src/build-project.js';
import { buildOptions } from '../options.js';
import { projectWith } from '../project-dir.js';
import { wasmOf } from './wasm-module.js';

// Compilers take seconds on a busy machine.
describe('buildProject() of the programs in docs/wasm.md', { timeout: 60_000 }, () => {
  it.each(['app.c', 'app.ts'])('builds the guest in %s without a warning', async (guest) => {
    const { files, diagnostics } = await buildProject(buildOptions(await projectWith(documentedProject(guest))));
    expect(diagnostics).toBe('');
    expect(wasmOf(files[0]).objects).toEqual([['handle_exec']]);
  });

  it.each(['app.c', 'app.ts'])(
    'builds the guest in starts/%s, which starts a tool, without a warning',
    async (guest) => {
      const project = await projectWith(documentedProject(guest, 'starts/'));
      const { files, diagnostics } = await buildProject(buildOptions(project));
      expect(diagnostics).toBe('');
      expect(wasmOf(files[0]).objects).toEqual([]);
      expect(wasmOf(files[0]).imports).toEqual(
        expect.arrayContaining(['ebpm.tool_start', 'ebpm.tool_read', 'ebpm.tool_stop']),
      );
    },
  );
});
