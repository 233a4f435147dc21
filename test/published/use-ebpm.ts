import { fileURLToPath } from 'node:url';
import { expect } from 'vitest';

/** The script that uses an installed ebpm, and where it and the package lie in a guest. */
export const USE_EBPM = fileURLToPath(new URL('use-ebpm.sh', import.meta.url));

/** What a guest gets for it: some 15 s on a free core, on a crowded machine ten times that. */
export const DEADLINE_MS = 180_000;

/** Checks what the script printed: the version of the prebuilt addon, and events of its own signals and of no other kind. */
export function expectUsed({ exitCode, stdout, stderr }: { exitCode: number; stdout: string; stderr: string }): void {
  expect({ exitCode, stderr }).toEqual({ exitCode: 0, stderr: expect.stringContaining('3 events') });
  const [version, ...lines] = stdout.trim().split('\n');
  expect(version).toMatch(/^ebpm\/\S+ linux-x64 node-v\S+ libbpf-v1\.5-static$/);
  const signals = lines.map((line) => JSON.parse(line)).filter((record) => 'sig' in record);
  expect(signals).toHaveLength(3);
  for (const signal of signals) expect(signal).toMatchObject({ sig: 0, ret: 0, comm: 'sh' });
}
