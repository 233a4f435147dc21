import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openPackage } from '@ebpm/runner';
import { afterAll, describe, expect, it } from 'vitest';
import { compileSource } from '../../../../test/support/compile-source.js';
import { judgeable } from '../../src/consent/judgeable.js';
import { runNeeds } from '../../src/consent/run-needs.js';

const home = mkdtempSync(join(tmpdir(), 'ebpm-run-needs-'));
afterAll(() => rmSync(home, { recursive: true }));

describe('runNeeds()', () => {
  const object = compileSource('SEC("perf_event") int on_sample(void *ctx) { return bpf_send_signal(9); }');
  const pkg = judgeable(openPackage(object, { source: 'asks.bpf.o' }));

  it('runNeeds() gives the evidence of what it has found out just now, so that nobody judges again to ask', async () => {
    const { asks, isNew, judged } = await runNeeds({ home, env: {} }, pkg, undefined);
    expect(isNew).toBe(true);
    expect(asks?.map((ask) => ask.class)).toEqual(Object.keys(judged.asks));
  });

  it('runNeeds() gives none of what was kept, and does not judge', async () => {
    const { judged } = await runNeeds({ home, env: {} }, pkg, undefined);
    const facts = () => expect.unreachable('judged again');
    expect(await runNeeds({ home, env: {} }, { ...pkg, facts }, judged)).toEqual({ judged, isNew: false });
  });
});
