import { expect, it } from 'vitest';
import { buildPackage } from '../../src/build-package.js';
import { buildOptions } from '../options.js';
import { projectWith } from '../project-dir.js';

const SOURCE = `
#include "vmlinux.h"
#include <bpf/bpf_helpers.h>
const volatile int constant = 1;
/// @description How many
/// @cmdarg {"short": "m"}
int most = 5;
static int hidden = 6;
int named SEC(".data.named") = 3;
SEC("tp/sched/sched_process_exec") int first(void *ctx) { return constant + most++ + hidden++ + named; }
char LICENSE[] SEC("license") = "GPL";
`;

it('dataSections() lists what starts as something else than zero apart, with its annotations', async () => {
  const { meta } = await buildPackage(buildOptions(await projectWith({ 'tool.bpf.c': SOURCE })));
  const { data_sections, ebpm_data_sections } = meta.bpf_skel;
  expect(data_sections).toEqual([{ name: '.rodata', variables: [{ name: 'constant', type: 'int' }] }]);
  expect(ebpm_data_sections).toHaveLength(2);
  expect(ebpm_data_sections).toEqual(
    expect.arrayContaining([
      { name: '.data', variables: [{ name: 'most', type: 'int', description: 'How many', cmdarg: { short: 'm' } }] },
      { name: '.data.named', variables: [{ name: 'named', type: 'int' }] },
    ]),
  );
});
