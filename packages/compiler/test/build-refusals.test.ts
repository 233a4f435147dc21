import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { buildPackage } from '../src/build-package.js';
import { buildOptions } from './options.js';
import { copyOf, dirWith, FIXTURES, MANIFEST, PROGRAM, projectWith } from './project-dir.js';

const ANNOTATED = join(FIXTURES, 'annotated');
const RINGBUF = `
struct { __uint(type, BPF_MAP_TYPE_RINGBUF); __uint(max_entries, 4096); } events SEC(".maps");
`;
// Each line doubles the one above: 2^40 words.
const MACRO_BOMB = `${Array.from({ length: 40 }, (_, i) => `#define A${i + 1} A${i} A${i}`).join('\n')}\nint A40;\n`;

describe('buildPackage()', () => {
  it('refuses a directory without a manifest', async () => {
    const dir = await dirWith({ 'tool.bpf.c': PROGRAM });
    await expect(buildPackage(buildOptions(dir))).rejects.toMatchObject({ code: 'EBPM_BUILD_NO_MANIFEST' });
  });

  it.each([
    ['no source', { 'tool.c': PROGRAM }, 'it has no *.bpf.c'],
    ['several sources', { 'b.bpf.c': PROGRAM, 'a.bpf.c': PROGRAM }, 'it has several sources: "a.bpf.c", "b.bpf.c"'],
    [
      'a source that is missing',
      { 'ebpm.json': '{ "manifest": 1, "name": "tool", "version": "1.0.0", "source": "c.bpf.c" }' },
      '"c.bpf.c" does not exist',
    ],
  ])('refuses a project with %s', async (_, files, reason) => {
    const dir = await dirWith({ 'ebpm.json': MANIFEST, ...files });
    await expect(buildPackage(buildOptions(dir))).rejects.toMatchObject({
      code: 'EBPM_BUILD_SOURCE',
      message: `Cannot build "${dir}": ${reason}`,
    });
  });

  it('refuses a source without a program', async () => {
    const dir = await projectWith({ 'tool.bpf.c': '#include "vmlinux.h"\nint number = 0;\n' });
    await expect(buildPackage(buildOptions(dir))).rejects.toMatchObject({ code: 'EBPM_BUILD_NO_PROGRAM' });
  });

  it('refuses a map of events when the header has no struct, and says how to write one', async () => {
    const dir = await projectWith({ 'tool.bpf.c': `${PROGRAM}${RINGBUF}` });
    await expect(buildPackage(buildOptions(dir))).rejects.toMatchObject({
      code: 'EBPM_BUILD_NO_EVENT_STRUCT',
      message: 'Cannot tell what the events of map "events" look like: "tool.h" defines no struct',
      hint: expect.stringContaining('struct event {'),
    });
  });

  it('refuses a map of events when the source leaves the header out', async () => {
    const dir = await projectWith({ 'tool.bpf.c': `${PROGRAM}${RINGBUF}`, 'tool.h': 'struct event { int pid; };' });
    await expect(buildPackage(buildOptions(dir))).rejects.toMatchObject({
      code: 'EBPM_BUILD_NO_EVENT_STRUCT',
      message: 'Cannot tell what the events of map "events" look like: the source does not include "tool.h"',
      hint: 'Write into the source: #include "tool.h"',
    });
  });

  it('refuses an annotation that no loader can read', async () => {
    const dir = await projectWith({
      'tool.bpf.c': `${PROGRAM}/// @cmdarg {"short": "pid"}\nconst volatile int a = 0;`,
    });
    await expect(buildPackage(buildOptions(dir))).rejects.toMatchObject({
      code: 'EBPM_BUILD_ANNOTATION',
      message: expect.stringMatching(/^Cannot use the annotations in "tool.bpf.c": .*variables\[0\]\.cmdarg\.short/),
    });
  });

  it('says which package brings clang when there is none', async () => {
    const dir = await copyOf(ANNOTATED);
    await expect(buildPackage({ ...buildOptions(dir), searchPath: '/nowhere' })).rejects.toMatchObject({
      code: 'EBPM_TOOL_MISSING',
      message: 'Cannot build: "clang" is not installed, wanted 14 or later',
      hint: 'On Debian and Ubuntu: sudo apt-get install clang',
    });
  });

  it("says which package brings libbpf's headers when clang misses one", async () => {
    const dir = await projectWith({ 'tool.bpf.c': '#include <bpf/bpf_nothing.h>\n' });
    await expect(buildPackage(buildOptions(dir))).rejects.toMatchObject({
      code: 'EBPM_TOOL_MISSING',
      hint: 'On Debian and Ubuntu: sudo apt-get install libbpf-dev',
      data: { tool: 'bpf/bpf_nothing.h', diagnostics: expect.stringContaining('file not found') },
    });
  });

  it('refuses an architecture that it does not know', async () => {
    const dir = await copyOf(ANNOTATED);
    await expect(buildPackage({ ...buildOptions(dir), arch: 'mips' })).rejects.toMatchObject({
      code: 'EBPM_BUILD_ARCH',
    });
  });

  it('stops when it is told to', async () => {
    const dir = await copyOf(ANNOTATED);
    const signal = AbortSignal.abort(new Error('enough'));
    await expect(buildPackage({ ...buildOptions(dir), signal })).rejects.toThrow('enough');
  });

  it('ends a compilation that has no end', async () => {
    const dir = await projectWith({ 'tool.bpf.c': MACRO_BOMB });
    await expect(buildPackage({ ...buildOptions(dir), timeoutMs: 300 })).rejects.toMatchObject({
      code: 'EBPM_BUILD_TIMEOUT',
    });
  });
});
