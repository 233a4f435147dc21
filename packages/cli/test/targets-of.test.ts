import { Parser } from '@oclif/core';
import { expect, it } from 'vitest';
import { TARGET_FLAGS } from '../src/target-flags.js';
import { type TargetFlagValues, targetsOf, targetWords } from '../src/targets-of.js';

it('targetWords() gives flags that targetsOf() reads again', async () => {
  const targets = { ifname: 'eth0', cgroup: '/sys/fs/cgroup/x', pid: 7, path: '/bin/with space' };
  const { flags } = await Parser.parse([...targetWords(targets)], { flags: TARGET_FLAGS, args: {} });
  expect(targetsOf(flags as unknown as TargetFlagValues)).toEqual(targets);
  expect(targetWords({ ifname: undefined })).toEqual([]);
});
