import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { compileFixture } from './compile-fixture.js';

/** Compiles an eBPF program that is given as text; the headers of libbpf are there. */
export function compileSource(text: string): Uint8Array {
  const folder = mkdtempSync(join(tmpdir(), 'ebpm-source-'));
  try {
    const path = join(folder, 'source.bpf.c');
    const ending = 'char LICENSE[] SEC("license") = "GPL";\n';
    writeFileSync(path, `#include <linux/bpf.h>\n#include <bpf/bpf_helpers.h>\n${text}\n${ending}`);
    return compileFixture(pathToFileURL(path));
  } finally {
    rmSync(folder, { recursive: true });
  }
}
