import { once } from 'node:events';
import { mkdtempSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { Worker } from 'node:worker_threads';
import { describe, expect, it } from 'vitest';
import { loadBinding } from '../src/binding.js';

const ADDON = join(import.meta.dirname, '../build/Release/ebpm_loader.node');

describe('loadBinding()', () => {
  it('loadBinding() gives the addon, whose file is stripped and below 1 MB', () => {
    expect(loadBinding().libbpfVersion()).toMatch(/^v\d+\.\d+/);
    expect(statSync(ADDON).size).toBeLessThan(1_000_000);
  });

  it('loadBinding() finds an addon that lies at another place', () => {
    const places = ['./nowhere.node', pathToFileURL(ADDON).href];
    expect(loadBinding(places).libbpfVersion()).toBe(loadBinding().libbpfVersion());
  });

  it('loadBinding() says what to type when the addon is not built', () => {
    expect(() => loadBinding(['./nowhere.node'])).toThrow(
      expect.objectContaining({ code: 'EBPM_LOADER_UNAVAILABLE', hint: expect.stringContaining('npm run setup') }),
    );
  });

  it('loadBinding() gives the reason when a file is not an addon, and takes the next that is one', () => {
    const directory = mkdtempSync(join(tmpdir(), 'ebpm-loader-'));
    const broken = pathToFileURL(join(directory, 'broken.node')).href;
    writeFileSync(new URL(broken), 'this is no shared object');
    expect(() => loadBinding([broken, './nowhere.node'])).toThrow(
      expect.objectContaining({ code: 'EBPM_LOADER_UNAVAILABLE', message: expect.stringContaining('broken.node') }),
    );
    expect(loadBinding([broken, pathToFileURL(ADDON).href]).libbpfVersion()).toBe(loadBinding().libbpfVersion());
    rmSync(directory, { recursive: true });
  });

  it("loadBinding() finds the clone's own addon, which has the system's libbpf", () => {
    expect(loadBinding().libbpfLinkage()).toBe('shared');
  });

  it('loadBinding() works in several worker threads at once, and again after they have ended', async () => {
    const version = loadBinding().libbpfVersion();
    for (let round = 0; round < 2; round++) {
      const answers = await Promise.all(Array.from({ length: 3 }, () => versionInWorker()));
      expect(answers).toEqual([version, version, version]);
    }
    expect(loadBinding().libbpfVersion()).toBe(version);
  });
});

async function versionInWorker(): Promise<unknown> {
  const code = `require('node:worker_threads').parentPort.postMessage(require(${JSON.stringify(ADDON)}).libbpfVersion())`;
  const worker = new Worker(code, { eval: true });
  // A worker that ends gives its last message and its end in one turn, so both are waited for from the start.
  const [[version]] = await Promise.all([once(worker, 'message'), once(worker, 'exit')]);
  return version;
}
