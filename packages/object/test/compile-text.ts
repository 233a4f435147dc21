import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const HEADERS = ['linux/bpf.h', 'linux/ptrace.h', 'bpf/bpf_helpers.h', 'bpf/bpf_tracing.h', 'bpf/bpf_core_read.h'];
const HOST_HEADERS = ['x86_64', 'aarch64'].map((machine) => `-I/usr/include/${machine}-linux-gnu`);

/** The object of a C text, with libbpf's headers before it and a license behind it; kept until the text changes. */
export function compileText(text: string): Uint8Array {
  const includes = HEADERS.map((header) => `#include <${header}>\n`).join('');
  const source = `${includes}${text}\nchar LICENSE[] SEC("license") = "GPL";\n`;
  const folder = join(tmpdir(), 'ebpm-object-texts');
  const path = join(folder, `${createHash('sha256').update(source).digest('hex').slice(0, 24)}.o`);
  if (!existsSync(path)) {
    mkdirSync(folder, { recursive: true });
    const unfinished = `${path}.${process.pid}`;
    writeFileSync(`${unfinished}.c`, source);
    const flags = ['-g', '-O2', '-target', 'bpf', '-D__TARGET_ARCH_x86', ...HOST_HEADERS];
    execFileSync('clang', [...flags, '-c', `${unfinished}.c`, '-o', unfinished]);
    execFileSync('llvm-strip', ['-g', unfinished]);
    renameSync(unfinished, path);
  }
  return new Uint8Array(readFileSync(path));
}
