import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, expect, it } from 'vitest';
import { recordingOf } from '../../packages/runner/test/record/recordings.js';
import { EBPM } from '../kernels/installation.js';
import { temporaryFolder } from '../kernels/temporary-folder.js';

/** More text than a pipe holds, many times over. */
const EVENTS = 50_000;

const folder = temporaryFolder('slow-reader');
afterAll(() => rmSync(folder, { recursive: true, force: true }));

it('ebpm writes every line whole and once, however late it is read', async () => {
  const path = join(folder, 'recording');
  writeFileSync(path, recordingOf(Array.from({ length: EVENTS }, (_, at) => [0n, at])));
  const replay = spawn(process.execPath, [EBPM, 'replay', '--json', path], { stdio: ['ignore', 'pipe', 'ignore'] });
  replay.stdout.pause();
  await sleep(1000);
  let text = '';
  replay.stdout.setEncoding('utf8').on('data', (piece: string) => {
    text += piece;
  });
  replay.stdout.resume();
  const [code] = await once(replay, 'close');
  const lines = text.trimEnd().split('\n').slice(0, -1);
  expect({ code, first: lines.findIndex((line, at) => line !== `{"number":${at}}`), length: lines.length }).toEqual({
    code: 0,
    first: -1,
    length: EVENTS,
  });
});
