import { cp, mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { onTestFinished } from 'vitest';

/** Where the fixtures lie. */
export const FIXTURES = fileURLToPath(new URL('fixtures', import.meta.url));

/** Where the examples lie. */
export const EXAMPLES = fileURLToPath(new URL('../../../examples', import.meta.url));

/** A manifest for sources that are written in a test. */
export const MANIFEST = '{ "manifest": 1, "name": "tool", "version": "1.0.0" }';

/** The smallest program. */
export const PROGRAM = `
#include "vmlinux.h"
#include <bpf/bpf_helpers.h>
SEC("tp/sched/sched_process_exec") int on_exec(void *ctx) { return 0; }
`;

/** A new directory that is gone after the test. */
export async function newDir(): Promise<string> {
  const dir = await mkdtemp(join(tmpdir(), 'ebpm-compiler-test-'));
  onTestFinished(() => rm(dir, { recursive: true, force: true }));
  return dir;
}

/** A new directory with files. */
export async function dirWith(files: Readonly<Record<string, string>>): Promise<string> {
  const dir = await newDir();
  for (const [path, text] of Object.entries(files)) {
    await mkdir(dirname(join(dir, path)), { recursive: true });
    await writeFile(join(dir, path), text);
  }
  return dir;
}

/** A copy of a project, with the fixtures' small vmlinux.h, so that it needs no kernel's. */
export async function copyOf(project: string, name = 'project'): Promise<string> {
  const dir = join(await newDir(), name);
  await cp(project, dir, { recursive: true });
  await cp(join(FIXTURES, 'vmlinux.h'), join(dir, 'vmlinux.h'));
  return dir;
}

/** A project of the files that a test writes, with a manifest and the fixtures' small vmlinux.h. */
export async function projectWith(files: Readonly<Record<string, string>>): Promise<string> {
  return await copyOf(await dirWith({ 'ebpm.json': MANIFEST, ...files }));
}
