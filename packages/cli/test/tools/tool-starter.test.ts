import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { afterAll, beforeEach, describe, expect, it } from 'vitest';
import { Store } from '../../../client/src/store.js';
import { tinyPackage } from '../../../client/test/tiny-package.js';
import { NO_TOOLS, packageTools } from '../../src/tools/package-tools.js';
import { toolStarter } from '../../src/tools/tool-starter.js';
import { chosen, contextOf, putIn, STARTER } from './tool-store.js';

const folder = mkdtempSync(join(tmpdir(), 'ebpm-tool-starter-'));
afterAll(() => rmSync(folder, { recursive: true }));

const [EPERM, ENOENT, EMFILE] = [1, 2, 24];
const TINY = ['package.json', tinyPackage()] as const;
const wish = (name: string) => ({ name, args: [], onAttached: () => expect.unreachable('it was started') });
const refusal = (errno: number, message: string) => ({ code: 'EBPM_TOOL_REFUSED', message, data: { errno } });

let made = 0;
let home: string;
beforeEach(() => {
  home = join(folder, `home-${made++}`);
});

/** What starts the tools of an application that depends on "tool" and on "gone", which was never installed. */
async function starter({ depth = 0 } = {}) {
  const tool = await putIn(home, { name: 'tool', entry: TINY });
  const needs = chosen(tool, { ...tool, name: 'gone' });
  const installed = await putIn(home, {
    name: 'app',
    entry: ['app.wasm', STARTER],
    dependencies: needs.requires,
    needs,
  });
  const tools = await packageTools(contextOf(home), { bytes: STARTER, source: 'app', installed });
  return toolStarter(contextOf(home), { name: 'app@1.0.0', tools, allow: [], depth, countsRefusals: false });
}

describe('toolStarter()', () => {
  it('toolStarter() starts nothing that is not named, or not installed', async () => {
    const start = await starter();
    await expect(start(wish('other'))).rejects.toMatchObject(
      refusal(ENOENT, 'Cannot start "other": it is no tool that "app@1.0.0" names in "dependencies" of its ebpm.json'),
    );
    await expect(start(wish('gone'))).rejects.toMatchObject(
      refusal(ENOENT, 'Cannot start "gone": version 1.0.0 of it is not installed: type ebpm install app@1.0.0'),
    );
    await new Store(home).remove('tool', '1.0.0');
    await expect(start(wish('tool'))).rejects.toMatchObject(
      refusal(ENOENT, 'Cannot start "tool": it is not installed any more'),
    );
  });

  it('toolStarter() starts no other bytes than were agreed to', async () => {
    const start = await starter();
    await new Store(home).remove('tool', '1.0.0');
    await putIn(home, { name: 'tool', entry: ['package.json', Buffer.concat([TINY[1], Buffer.from('\n')])] });
    await expect(start(wish('tool'))).rejects.toMatchObject(
      refusal(EPERM, 'Cannot start "tool": other bytes of it are installed than were agreed to'),
    );
  });

  it('toolStarter() starts nothing where tools have started each other too often', async () => {
    const start = await starter({ depth: 2 });
    await expect(start(wish('tool'))).rejects.toMatchObject(
      refusal(EMFILE, 'Cannot start "tool": tools start others 2 deep at most'),
    );
    const none = toolStarter(contextOf(home), {
      name: 'app',
      tools: NO_TOOLS,
      allow: [],
      depth: 0,
      countsRefusals: false,
    });
    await expect(none(wish('tool'))).rejects.toMatchObject({ data: { errno: ENOENT } });
  });
});
