import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { LogReader } from '../../packages/cli/src/background/log-reader.js';
import { PRINTERS, type PrinterKind } from '../../packages/events/src/printers/all.js';
import { replay } from '../../packages/runner/src/record/replay.js';
import { readExecutableSymbols } from '../../packages/runner/src/symbols/executable-symbols.js';
import { KernelSymbols } from '../../packages/runner/src/symbols/kernel-symbols.js';
import { readPerfMap } from '../../packages/runner/src/symbols/perf-map.js';
import { mappingAt, readProcessMaps } from '../../packages/runner/src/symbols/process-maps.js';
import { readTraceText } from '../../packages/runner/src/trace/trace-lines.js';
import { mutateBytes } from './mutate/bytes.js';
import { mutateElf } from './mutate/elf.js';
import { mutateRecording } from './mutate/recording.js';
import { mutateText } from './mutate/text.js';
import {
  executableSeeds,
  kallsymsSeeds,
  logSeeds,
  perfMapSeeds,
  processMapsSeeds,
  recordingSeeds,
  traceSeeds,
} from './run-seeds.js';
import type { Target } from './targets.js';

/** Readers of what a run meets besides its package: files of other processes, texts of the kernel, what earlier runs have left. */
export const RUN_TARGETS: Readonly<Record<string, Target>> = {
  executables: { seeds: executableSeeds, mutate: mutateElf, read: readExecutable, isTolerant: true },
  kallsyms: { seeds: kallsymsSeeds, mutate: mutateText, read: readKallsyms, isTolerant: true },
  'perf maps': { seeds: perfMapSeeds, mutate: mutateText, read: readMap, isTolerant: true },
  'maps of processes': { seeds: processMapsSeeds, mutate: mutateText, read: readMaps, isTolerant: true },
  'trace lines': { seeds: traceSeeds, mutate: mutateText, read: readTrace, isTolerant: true },
  recordings: { seeds: recordingSeeds, mutate: mutateRecording, read: replayRecording },
  logs: { seeds: logSeeds, mutate: mutateBytes, read: readLog, isTolerant: true },
};

/** Places at which something is looked up: low ones, and those of the kernel. */
const PLACES = [0, 1, 0x1000, 0x1139, 0x40_1000, 0x1fff_ffff_ffff, Number.MAX_SAFE_INTEGER] as const;

function readExecutable(bytes: Uint8Array): void {
  const symbols = readExecutableSymbols((at, size) => bytes.subarray(at, at + size));
  for (const place of PLACES) symbols?.find(place);
}

function readKallsyms(bytes: Uint8Array): void {
  const symbols = new KernelSymbols(bytes);
  for (const place of PLACES) symbols.find(0xffff_0000_0000_0000n + BigInt(place));
  symbols.find(0n);
}

function readMap(bytes: Uint8Array): void {
  const symbols = readPerfMap(textOf(bytes));
  for (const place of PLACES) symbols.find(place);
}

function readMaps(bytes: Uint8Array): void {
  const mappings = readProcessMaps(textOf(bytes));
  for (const place of PLACES) mappingAt(mappings, BigInt(place));
}

function readTrace(bytes: Uint8Array): void {
  for (const { pid, cpu } of readTraceText(textOf(bytes)).lines) {
    if (!Number.isSafeInteger(pid) || !Number.isSafeInteger(cpu)) throw new Error('a number of a line is none');
  }
}

/** By each printer in turn, and folded. What is damaged is told in the result. */
async function replayRecording(bytes: Uint8Array): Promise<void> {
  const kinds = [...(Object.keys(PRINTERS) as PrinterKind[]), 'folded'] as const;
  const output = kinds[bytes.length % kinds.length] ?? 'json';
  const { damage } = await replay(inPieces(bytes), { source: 'recording', output, write: () => {} });
  if (damage !== undefined) throw damage;
}

async function* inPieces(bytes: Uint8Array): AsyncGenerator<Uint8Array> {
  const middle = bytes.length >>> 1;
  yield bytes.subarray(0, middle);
  yield bytes.subarray(middle);
}

/** The two files of a log: this one, and a sound one of another turn. */
function readLog(bytes: Uint8Array): void {
  const [sound = new Uint8Array(0)] = logSeeds();
  const folder = mkdtempSync(join(tmpdir(), 'ebpm-fuzz-log-'));
  try {
    const paths = [join(folder, '0'), join(folder, '1')] as const;
    writeFileSync(paths[0], bytes);
    writeFileSync(paths[1], sound);
    const reader = new LogReader([...paths]);
    let textBytes = 0;
    for (const { text } of reader.read()) textBytes += text.length;
    reader.close();
    if (textBytes > bytes.length + sound.length) throw new Error('it gives more text than there is');
  } finally {
    rmSync(folder, { recursive: true });
  }
}

function textOf(bytes: Uint8Array): string {
  return new TextDecoder().decode(bytes);
}
