import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { buildPackage } from '../../src/build-package.js';
import { findBpftool } from '../../src/find-tool.js';
import { runTool } from '../../src/run-tool.js';
import { buildOptions } from '../options.js';
import { copyOf, EXAMPLES, FIXTURES, newDir, projectWith } from '../project-dir.js';

// Sections that the examples do not have.
const SECTIONS = `
#include "vmlinux.h"
#include <bpf/bpf_helpers.h>
extern int LINUX_KERNEL_VERSION __kconfig;
const volatile int constant = 1;
int number = 2;
int zero;
int named SEC(".data.named") = 3;
const char text[] SEC(".rodata.text") = "text";
SEC("tp/sched/sched_process_exec") int second(void *ctx) { return constant + number + zero + named; }
SEC("tp/sched/sched_process_exit") int first(void *ctx)
{
	bpf_printk("a text that has no variable: %d", LINUX_KERNEL_VERSION);
	return 0;
}
char LICENSE[] SEC("license") = "GPL";
`;

it.each([
  ['sigsnoop', () => copyOf(join(EXAMPLES, 'sigsnoop'))],
  ['opensnoop', () => copyOf(join(EXAMPLES, 'opensnoop'))],
  ['bootstrap', () => copyOf(join(EXAMPLES, 'bootstrap'))],
  ['unlinks', () => copyOf(join(EXAMPLES, 'unlinks'))],
  ['annotated', () => copyOf(join(FIXTURES, 'annotated'))],
  ['my-tool.v2', () => withSections('my-tool.v2')],
  ['t', () => withSections('t')],
])('deriveMeta() names maps, programs and variables of %s as the skeleton of bpftool does', async (_, project) => {
  const { object, meta } = await buildPackage(buildOptions(await project()));
  const { obj_name, maps, progs, data_sections, ebpm_data_sections = [] } = meta.bpf_skel;
  const skeleton = await skeletonOf(object, obj_name);

  expect(maps.map(({ name, mmaped }) => ({ name, mmaped }))).toEqual(
    all(/maps\[\d+\]\.name = "(.*)";/g, skeleton).map((name, i) => ({
      name,
      mmaped: skeleton.includes(`maps[${i}].mmaped =`) || undefined,
    })),
  );
  expect(maps.map(({ ident }) => ident)).toEqual(all(/maps\[\d+\]\.map = &obj->maps\.(\w+);/g, skeleton));
  expect(progs.map(({ name }) => name)).toEqual(all(/progs\[\d+\]\.name = "(.*)";/g, skeleton));
  for (const { name, variables } of [...data_sections, ...ebpm_data_sections]) {
    const struct =
      new RegExp(`struct ${obj_name}__${name.slice(1).replaceAll('.', '_')} \\{\\n([^}]*)\\}`).exec(skeleton)?.[1] ??
      '';
    const declared = all(/^\t\t(?!char __pad)(.*);$/gm, struct);
    expect(variables.map((variable) => declaration(variable.name, variable.type))).toEqual(declared);
  }
});

async function withSections(stem: string): Promise<string> {
  return await projectWith({ [`${stem}.bpf.c`]: SECTIONS });
}

async function skeletonOf(object: Uint8Array, name: string): Promise<string> {
  const path = join(await newDir(), 'x.bpf.o');
  await writeFile(path, object);
  const bpftool = await findBpftool(process.env['PATH'] ?? '');
  return (await runTool(bpftool, ['gen', 'skeleton', path, 'name', name])).stdout;
}

function all(pattern: RegExp, text: string): readonly string[] {
  return [...text.matchAll(pattern)].map(([, found = '']) => found);
}

/** As C writes it: the size of an array behind its name. */
function declaration(name: string, type: string): string {
  const [, element = type, size = ''] = /^(.*?)(\[.*)$/.exec(type) ?? [];
  return `${element} ${name}${size}`;
}
