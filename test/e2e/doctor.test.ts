import { spawnSync } from 'node:child_process';
import { rmSync, writeFileSync } from 'node:fs';
import { cliCheckKind, cliDoctorKind, validate } from '@ebpm/schemas';
import { afterAll, describe, expect, it } from 'vitest';
import { EBPM } from '../kernels/installation.js';
import { temporaryFolder } from '../kernels/temporary-folder.js';
import { compileSource } from '../support/compile-source.js';

const folder = temporaryFolder('doctor');
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** Nobody in particular: what a user without rights sees. */
const NOBODY = 65_534;

function ebpm(words: readonly string[], uid?: number) {
  const person = uid === undefined ? {} : { uid, gid: uid, env: { ...process.env, HOME: '/nonexistent' } };
  return spawnSync(process.execPath, [EBPM, ...words], { encoding: 'utf8', ...person });
}

describe('ebpm doctor', () => {
  it('ebpm doctor --json prints what its schema says, and ends with the code of the condition', () => {
    const { stdout, status } = ebpm(['doctor', '--json']);
    const report = JSON.parse(stdout);
    expect(validate(cliDoctorKind, report)).toMatchObject({ ok: true });
    expect(status).toBe({ READY: 0, LIMITED: 3, 'NOT READY': 4 }[report.condition as 'READY']);
  });

  it.runIf(process.getuid?.() === 0)(
    'ebpm doctor tells a user without rights what is missing, and how to get it',
    () => {
      const { stdout, stderr, status } = ebpm(['doctor'], NOBODY);
      expect({ stderr, status }).toEqual({ stderr: '', status: 4 });
      expect(stdout).toMatch(
        /^NO {2}privilege +this process lacks CAP_BPF, CAP_PERFMON, CAP_NET_ADMIN\n +Put sudo before/m,
      );
      expect(stdout.trimEnd().split('\n').at(-1)).toBe('NOT READY');
    },
  );
});

describe('ebpm check --load', () => {
  it('ebpm check --load shows what the verifier says, as its schema has it', () => {
    const object = `${folder}/wrong.bpf.o`;
    writeFileSync(
      object,
      compileSource('SEC("raw_tp/sys_enter") int wrong(void *ctx) { return *(int *)(bpf_get_prandom_u32() + 8L); }'),
    );
    const { stdout, status } = ebpm(['check', '--load', '--json', object]);
    const report = JSON.parse(stdout);
    expect(validate(cliCheckKind, report)).toMatchObject({ ok: true });
    const loaded = report.findings.find(({ code }: { code: string }) => code === 'load');
    // Without rights nobody was asked.
    expect([loaded.outcome, status]).toEqual(process.getuid?.() === 0 ? ['missing', 4] : ['unknown', 5]);
  });

  it('ebpm check --load is for this machine alone', () => {
    const { stderr, status } = ebpm(['check', '--load', '--kernel', '6.12', '/dev/null']);
    expect(status).toBe(2);
    expect(stderr).toContain('EBPM_USAGE_INVALID');
  });
});
