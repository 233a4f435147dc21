import { once } from 'node:events';
import { mkdtempSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { Worker } from 'node:worker_threads';
import { describe, expect, it } from 'vitest';
import { loadBinding, unavailable } from '../src/binding.js';

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
      expect.objectContaining({ code: 'EBPM_LOADER_UNAVAILABLE', hint: 'npm run setup' }),
    );
  });

  it('loadBinding() gives the reason when the file is not an addon', () => {
    const directory = mkdtempSync(join(tmpdir(), 'ebpm-loader-'));
    const path = join(directory, 'broken.node');
    writeFileSync(path, 'this is no shared object');
    expect(() => loadBinding([pathToFileURL(path).href])).toThrow(
      expect.objectContaining({ code: 'EBPM_LOADER_UNAVAILABLE', message: expect.stringContaining('broken.node') }),
    );
    rmSync(directory, { recursive: true });
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

describe('unavailable()', () => {
  it.each([
    ['libbpf.so.1: cannot open shared object file: No such file or directory', 'apt-get install libbpf1'],
    ['libelf.so.1: cannot open shared object file: No such file or directory', 'apt-get install libelf1'],
    ["/lib/libc.so.6: version `GLIBC_2.99' not found", 'npm run setup'],
  ])('unavailable() answers "%s"', (reason, hint) => {
    const error = unavailable(reason);
    expect(error.message).toContain(reason);
    expect(error.hint).toBe(hint);
  });
});

async function versionInWorker(): Promise<unknown> {
  const code = `require('node:worker_threads').parentPort.postMessage(require(${JSON.stringify(ADDON)}).libbpfVersion())`;
  const worker = new Worker(code, { eval: true });
  const [version] = await once(worker, 'message');
  await once(worker, 'exit');
  return version;
}
