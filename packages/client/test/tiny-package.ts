import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { writeEunomiaPackage } from '@ebpm/formats';

/** A package.json with a real object, compiled by clang from `fixtures/tiny.bpf.c`. */
export function tinyPackage(): Uint8Array {
  const folder = mkdtempSync(join(tmpdir(), 'ebpm-tiny-'));
  try {
    const source = fileURLToPath(new URL('fixtures/tiny.bpf.c', import.meta.url));
    const object = join(folder, 'tiny.bpf.o');
    execFileSync('clang', ['-g', '-O2', '-target', 'bpf', '-c', source, '-o', object]);
    return packageOf(readFileSync(object));
  } finally {
    rmSync(folder, { recursive: true });
  }
}

/** A package.json with any bytes as its object. */
export function packageOf(object: Uint8Array): Uint8Array {
  const meta = { bpf_skel: { obj_name: 'tiny_bpf', maps: [], progs: [], data_sections: [] }, export_types: [] };
  return Buffer.from(writeEunomiaPackage({ object, meta }));
}
