import { spawnSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { runInLab } from '@ebpm/lab';
import { probeProgramType } from '@ebpm/loader';
import { LAB_CACHE } from './installation.js';
import type { Kernel } from './kernels.js';

/** An object that libbpf is to load, against the BTF of some kernel. */
export interface CoreCase {
  readonly name: string;
  readonly object: Uint8Array;
  /** Of `btfs`. */
  readonly btf: string;
  /** The programs that are loaded; default: what libbpf loads unasked. */
  readonly programs?: readonly string[];
}

/** What became of an object. */
export interface CoreLog {
  /** What libbpf makes of each relocation, by `program #number`: `8 -> 16`, `8 -> 16, 4 -> 8 bytes`, `poisoned` or `refused`. */
  readonly relocations: Readonly<Record<string, string>>;
  /** Whether the object loaded; `poison` where the verifier came to a relocation without an answer. */
  readonly verifier: string | undefined;
}

export interface CoreLogOptions {
  /** Default: the host's own where it lets us load eBPF, else one of lab's. */
  readonly kernel?: Pick<Kernel, 'version'>;
  /** The program of core-log.c. */
  readonly program: string;
  readonly folder: string;
  readonly btfs: Readonly<Record<string, Uint8Array>>;
  readonly deadlineMs: number;
}

/**
 * Lets libbpf relocate and load objects and gives its debug log of each, taken apart, by the case's name. Whose BTF it is does not matter to
 * libbpf; the kernel that it loads them into may be another.
 */
export async function coreLogs(
  cases: readonly CoreCase[],
  options: CoreLogOptions,
): Promise<ReadonlyMap<string, CoreLog>> {
  const files = Object.fromEntries([
    ...Object.entries(options.btfs).map(([name, bytes]) => [`${name}.btf`, bytes] as const),
    ...cases.map(({ name, object }) => [`${name}.o`, object] as const),
  ]);
  const script = cases.map(({ name, btf, programs = [] }) => {
    return `echo "= ${name}"; ./core-log ${name}.o ${btf}.btf ${programs.join(' ')}`;
  });
  // With the names of all programs it is too long for a command line.
  const output = await runScript({ ...files, 'script.sh': Buffer.from(script.join('\n')) }, options);
  const parts = output.split(/^= /m).slice(1);
  return new Map(parts.map((part) => [part.slice(0, part.indexOf('\n')), readCoreLog(part)]));
}

/** Takes libbpf's messages apart. */
export function readCoreLog(text: string): CoreLog {
  const found: Record<string, string> = {};
  for (const [, program, number, message = ''] of text.matchAll(/^libbpf: prog '([^']+)': relo #(\d+): (.*)$/gm)) {
    const key = `${program} #${number}`;
    const patched = /^patched insn #\d+ \((?:ALU\/ALU64|LDX\/ST\/STX|LDIMM64)\) (?:imm|off|imm64) (\d+ -> \d+)$/.exec(
      message,
    );
    const resized = /^patched insn #\d+ \(LDX\/ST\/STX\) mem_sz (\d+ -> \d+)$/.exec(message);
    if (patched?.[1] !== undefined) found[key] = patched[1];
    else if (resized?.[1] !== undefined) found[key] += `, ${resized[1]} bytes`;
    else if (/^substituting insn #\d+ w\/ invalid insn$/.test(message)) found[key] = 'poisoned';
    else if (/^failed to (relocate|patch insn)/.test(message)) found[key] = 'refused';
  }
  return { relocations: found, verifier: /^verifier: (\w+)$/m.exec(text)?.[1] };
}

async function runScript(
  files: Readonly<Record<string, Uint8Array>>,
  { program, folder, deadlineMs, kernel = anyKernel() }: CoreLogOptions,
): Promise<string> {
  if (kernel.version === undefined) {
    for (const [name, bytes] of Object.entries(files)) writeFileSync(`${folder}/${name}`, bytes);
    const options = { cwd: folder, encoding: 'utf8', timeout: deadlineMs, maxBuffer: MAX_LOG_BYTES } as const;
    return spawnSync('sh', ['script.sh'], options).stdout;
  }
  const { stdout } = await runInLab({
    kernel: kernel.version,
    cacheDir: LAB_CACHE,
    command: ['sh', '-c', 'cd /test; sh script.sh'],
    files: {
      ...Object.fromEntries(Object.entries(files).map(([name, bytes]) => [`/test/${name}`, bytes])),
      '/test/core-log': program,
    },
    deadlineMs,
  });
  return stdout;
}

function anyKernel(): Pick<Kernel, 'version'> {
  return { version: probeProgramType(SOCKET_FILTER) === true ? undefined : '6.12' };
}

/** Every kernel that has eBPF has this type of program. */
const SOCKET_FILTER = 1;

const MAX_LOG_BYTES = 256 * 1024 * 1024;
