import { describe, expect, it } from 'vitest';
import { runTool, ToolFailure } from '../src/run-tool.js';

describe('runTool()', () => {
  it('gives what the program wrote to stdout', async () => {
    expect(await runTool('/bin/sh', ['-c', 'echo out; echo err >&2'])).toBe('out\n');
  });

  it('throws the last lines of stderr when the program fails', async () => {
    const failed = runTool('/bin/sh', ['-c', 'for n in 1 2 3 4; do echo $n >&2; done; exit 1']);
    await expect(failed).rejects.toThrow(new ToolFailure('2; 3; 4'));
  });

  it('throws a ToolFailure when the program does not exist', async () => {
    await expect(runTool('/nowhere/tool', [])).rejects.toThrow(ToolFailure);
  });

  it("throws the signal's reason when aborted", async () => {
    const abort = new AbortController();
    const running = runTool('/bin/sleep', ['60'], { signal: abort.signal });
    abort.abort(new Error('enough'));
    await expect(running).rejects.toThrow('enough');
    await expect(runTool('/bin/true', [], { signal: abort.signal })).rejects.toThrow('enough');
  });
});
