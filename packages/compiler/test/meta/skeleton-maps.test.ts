import { readObject } from '@ebpm/object';
import { expect, it } from 'vitest';
import { buildPackage } from '../../src/build-package.js';
import { skeletonMaps } from '../../src/meta/skeleton-maps.js';
import { buildOptions } from '../options.js';
import { projectWith } from '../project-dir.js';

const SOURCE = `
#include "vmlinux.h"
#include <bpf/bpf_helpers.h>
static volatile int hidden = 1;
SEC("tp/sched/sched_process_exec") int on_exec(void *ctx) { return hidden; }
`;

it('skeletonMaps() does not call a section mapped whose variables are all static', async () => {
  const { object } = await buildPackage(buildOptions(await projectWith({ 'tool.bpf.c': SOURCE })));
  expect(skeletonMaps(readObject(object), 'tool_bpf')).toEqual([{ name: 'tool_bpf.data', ident: 'data' }]);
});
