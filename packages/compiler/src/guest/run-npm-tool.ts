import { join } from 'node:path';
import { NPM_TOOL_HEAP_MEGABYTES, NPM_TOOL_TIMEOUT_MS } from '../limits.js';
import { type RunOptions, runTool, type ToolRun } from '../run-tool.js';
import { guestLibrary } from './guest-library.js';

/** Runs one of the guest library's programs, each of which runs a compiler that npm brings, in a process of its own. */
export async function runNpmTool(program: string, args: readonly string[], options: RunOptions): Promise<ToolRun> {
  const words = [`--max-old-space-size=${NPM_TOOL_HEAP_MEGABYTES}`, join(guestLibrary(), program), ...args];
  const { timeoutMs = NPM_TOOL_TIMEOUT_MS } = options;
  return await runTool(process.execPath, words, { ...options, timeoutMs, node: true });
}
