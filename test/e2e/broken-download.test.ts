import { randomBytes } from 'node:crypto';
import { readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { cliInstallKind, validate } from '@ebpm/schemas';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { CuttingProxy } from './cutting-proxy.js';
import { onTerminal } from './on-terminal.js';
import { openWorld, type World } from './open-world.js';
import { runEbpm } from './run-ebpm.js';

const SIZE = 1_000_000;
/** An archive takes 2 s and more at this rate: lines are drawn after one. */
const SLOW_BYTES_PER_MS = 500;
const FAST_BYTES_PER_MS = 50_000;
/** One line up, and what is there is erased. */
const BACK = '\x1b[1A\x1b[J';
const LINE = /^large {2}\[#+-+\] +(\d+) % {2}\d\.\d MB of 1\.0 MB\r\n$/;

let world: World;
let proxy: CuttingProxy;

beforeAll(async () => {
  world = await openWorld();
  proxy = await CuttingProxy.start(world.registry.url);
  const project = world.newProject({ name: 'large', files: ['data'] });
  writeFileSync(join(project, 'data'), randomBytes(SIZE));
  const env = { EBPM_HOME: world.newHome(), EBPM_REGISTRY: world.registry.url, EBPM_TOKEN: world.token };
  expect(await runEbpm(['publish', project], { env })).toMatchObject({ exitCode: 0 });
});
afterAll(async () => {
  proxy.close();
  await world.close();
});

const newEnv = () => ({ EBPM_HOME: world.newHome(), EBPM_REGISTRY: proxy.url });
const partsIn = ({ EBPM_HOME }: { readonly EBPM_HOME: string }) => readdirSync(join(EBPM_HOME, 'packages/tmp'));

/** Each request asks for what is missing. How much of what was sent has arrived when a connection breaks is not sure. */
function expectGoingOn(begins: readonly (number | undefined)[], attempts: number): void {
  const [first, ...later] = begins;
  expect({ first, attempts: begins.length }).toEqual({ first: undefined, attempts });
  expect(later.every((at = 0, index) => at > (later[index - 1] ?? 0))).toBe(true);
}

describe('a download that breaks off', () => {
  it('ebpm install goes on where it broke off, and draws lines on a terminal, which it takes away', async () => {
    proxy.breakNext(SLOW_BYTES_PER_MS, 400_000, 300_000);
    const { exitCode, text } = await onTerminal(['install', 'large'], { env: newEnv(), answer: '' });
    expectGoingOn(proxy.begins, 3);
    // The terminal of the test does not say how wide it is.
    const [last, ...lines] = text.split(BACK).reverse();
    expect({ exitCode, last }).toEqual({ exitCode: 0, last: 'large@1.0.0 is installed\r\n' });
    const shares = lines.reverse().map((line) => Number(LINE.exec(line)?.[1]));
    expect(shares.length).toBeGreaterThan(2);
    expect(shares).toEqual([...shares].sort((one, other) => one - other));
  });

  it.each([[['install', 'large', '--json']], [['install', 'large']]])(
    'ebpm %j draws nothing without a terminal',
    async (words) => {
      proxy.breakNext(SLOW_BYTES_PER_MS, 600_000);
      const { exitCode, stdout, stderr } = await runEbpm(words, { env: newEnv() });
      expect({ exitCode, stderr }).toEqual({ exitCode: 0, stderr: '' });
      if (words.includes('--json')) expect(validate(cliInstallKind, JSON.parse(stdout))).toMatchObject({ ok: true });
      else expect(stdout).toBe('large@1.0.0 is installed\n');
      expectGoingOn(proxy.begins, 2);
    },
  );

  it('ebpm install gives up after three more attempts, says what is kept, and the same command goes on', async () => {
    const env = newEnv();
    proxy.breakNext(FAST_BYTES_PER_MS, 200_000, 200_000, 100_000, 100_000);
    const { exitCode, stdout, stderr } = await runEbpm(['install', 'large'], { env });
    expect({ exitCode, stdout }).toEqual({ exitCode: 1, stdout: '' });
    expect(stderr).toContain('hint: What has arrived is kept: the same command goes on from there\n');
    expect(stderr).toContain('code: EBPM_REGISTRY_UNREACHABLE');
    expectGoingOn(proxy.begins, 4);
    expect(partsIn(env)).toHaveLength(1);
    proxy.breakNext(FAST_BYTES_PER_MS);
    expect(await runEbpm(['install', 'large'], { env })).toEqual({
      exitCode: 0,
      stdout: 'large@1.0.0 is installed\n',
      stderr: '',
    });
    expect(proxy.begins).toEqual([expect.any(Number)]);
    expect(partsIn(env)).toEqual([]);
  });

  it('ebpm install that gives up on a terminal takes its line away before it says why', async () => {
    proxy.breakNext(FAST_BYTES_PER_MS, 200_000, 200_000, 100_000, 100_000);
    const { exitCode, text } = await onTerminal(['install', 'large'], { env: newEnv(), answer: '' });
    const [last, ...lines] = text.split(BACK).reverse();
    expect({ exitCode, last }).toEqual({ exitCode: 1, last: expect.stringMatching(/^error: Cannot reach "/) });
    expect(lines.every((line) => LINE.test(line))).toBe(true);
    expect(lines.length).toBeGreaterThan(0);
  });

  it('ebpm install takes nothing that the digest does not name for the beginning, and begins again', async () => {
    const env = newEnv();
    proxy.breakNext(FAST_BYTES_PER_MS, 200_000, 1, 1, 1);
    expect(await runEbpm(['install', 'large'], { env })).toMatchObject({ exitCode: 1 });
    const [part = ''] = partsIn(env);
    writeFileSync(join(env.EBPM_HOME, 'packages/tmp', part), randomBytes(200_000));
    proxy.breakNext(FAST_BYTES_PER_MS);
    expect(await runEbpm(['install', 'large'], { env })).toMatchObject({ exitCode: 0, stderr: '' });
    expect(proxy.begins).toEqual([200_000, undefined]);
    expect(partsIn(env)).toEqual([]);
  });
});
