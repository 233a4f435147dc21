import { expect, it } from 'vitest';
import { versionLine } from '../src/version-line.js';

it("versionLine() names ebpm's version, the machine, Node, and libbpf with its linkage", () => {
  expect(versionLine()).toMatch(/^ebpm\/\d+\.\d+\.\d+ linux-\w+ node-v[\d.]+ libbpf-v1\.\d+-shared$/);
});
