import { describe, expect, it } from 'vitest';
import { findTools } from '../src/host-tools.js';

describe('findTools()', () => {
  it('finds programs of the host', async () => {
    expect(await findTools(['setpriv', 'flock'])).toEqual({
      setpriv: expect.stringMatching(/^\/.*\/setpriv$/),
      flock: expect.stringMatching(/^\/.*\/flock$/),
    });
  });

  it('names all packages that are missing, each once', async () => {
    await expect(findTools(['qemu-system-x86_64', 'setpriv', 'flock'], ['/nowhere'])).rejects.toMatchObject({
      code: 'EBPM_LAB_TOOL_MISSING',
      hint: 'sudo apt-get install qemu-system-x86 util-linux',
    });
  });
});
