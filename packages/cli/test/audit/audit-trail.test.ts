import { mkdtempSync, readFileSync, rmSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { digestOf, EbpmError } from '@ebpm/formats';
import { auditLineKind, validate } from '@ebpm/schemas';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { auditRefusal } from '../../src/audit/audit-refusal.js';
import { AuditTrail } from '../../src/audit/audit-trail.js';
import type { Agreement, RunToAgreeTo } from '../../src/consent/agree-to-run.js';
import type { Judgeable } from '../../src/consent/judgeable.js';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'ebpm-trail-'));
});
afterEach(() => rmSync(folder, { recursive: true }));

let said = '';
const output = {
  write: (chunk: string | Uint8Array) => {
    said += String(chunk);
  },
};

function place() {
  return { folder, isSystem: false };
}

function context() {
  said = '';
  return {
    env: {},
    stdout: output,
    stderr: output,
    home: folder,
    cacheFolder: folder,
    told: new Set<string>(),
    registry: undefined,
    isOffline: false,
  };
}

const OBJECT = digestOf(Buffer.from('object'));
const BYTES = Buffer.from('entry');
const pkg: Judgeable = { digest: OBJECT, programs: Array.from({ length: 200 }, (_, n) => `p${n}`), facts: () => [] };

const RUN: RunToAgreeTo = {
  pkg,
  spec: 'https://user:secret@example.org/x.json?token=secret#secret',
  allow: [],
  input: { bytes: BYTES, source: 'https://user:secret@example.org/x.json?token=secret#secret' },
};

function agreement(audit?: 'required'): Agreement {
  const policies = audit === undefined ? [] : [{ policy: 1 as const, audit, path: 'p', isSystem: true }];
  const judged = { object: OBJECT, table: 1, facts: 1, classes: ['sends-signals' as const], asks: {} };
  return { isNew: false, subject: { digests: [], judged, policies }, by: new Map([['sends-signals', 'flag']]) };
}

function lines(): readonly unknown[] {
  return readFileSync(join(folder, 'audit.ndjson'), 'utf8')
    .trimEnd()
    .split('\n')
    .map((line) => {
      const checked = validate(auditLineKind, JSON.parse(line));
      if (!checked.ok) throw new Error(`${line}: ${JSON.stringify(checked.problems)}`);
      return checked.value;
    });
}

describe('AuditTrail', () => {
  it('AuditTrail writes what is loaded, by what it was agreed to, and how it ended, without secrets of addresses', () => {
    const trail = new AuditTrail(context(), RUN, agreement(), place());
    trail.loaded();
    trail.ended('signal');
    trail.ended('signal');
    const [load, end, ...rest] = lines();
    expect(rest).toEqual([]);
    expect(load).toMatchObject({
      event: 'load',
      pid: process.pid,
      uid: process.geteuid?.(),
      source: 'https://example.org/x.json',
      entry: digestOf(BYTES),
      object: OBJECT,
      classes: ['sends-signals'],
      agreed: { 'sends-signals': 'flag' },
      programs: pkg.programs.slice(0, 100),
    });
    expect(end).toMatchObject({ event: 'end', id: (load as { id: string }).id, ending: 'signal' });
    expect(said).toBe('');
  });

  it('AuditTrail says that it cannot write, and lets the run go on unless a policy requires the line', () => {
    symlinkSync('/dev/full', join(folder, 'audit.ndjson'));
    const trail = new AuditTrail(context(), RUN, agreement(), place());
    trail.loaded();
    trail.ended('done');
    expect(said).toMatch(/^warning: Cannot write the audit log ".*audit\.ndjson": ELOOP.*\n$/);
    const strict = new AuditTrail(context(), RUN, agreement('required'), place());
    expect(() => strict.loaded()).toThrow(expect.objectContaining({ code: 'EBPM_AUDIT_UNWRITABLE' }));
  });
});

describe('auditRefusal()', () => {
  it('auditRefusal() writes what was refused, and by which rule', () => {
    const data = { file: '/etc/ebpm/policy.json', rule: 'deny[0]' };
    const installed = {
      name: '@acme/x',
      version: '1.0.0',
      digest: digestOf(Buffer.from('package')),
      registry: 'https://hub.example',
      entry: { path: 'package.json', digest: digestOf(BYTES) },
      installedAt: '2026-11-26T15:00:00Z',
    };
    const run = { ...RUN, input: { bytes: BYTES, source: '@acme/x@1.0.0/package.json', installed } };
    auditRefusal(context(), run, new EbpmError('EBPM_POLICY_DENIES', 'no', { data }), place());
    auditRefusal(context(), RUN, new EbpmError('EBPM_PERMISSIONS_UNAPPROVED', 'no'), place());
    expect(lines()).toMatchObject([
      {
        event: 'refuse',
        code: 'EBPM_POLICY_DENIES',
        rule: '/etc/ebpm/policy.json deny[0]',
        name: '@acme/x',
        version: '1.0.0',
        registry: 'https://hub.example',
        package: installed.digest,
        entry: installed.entry.digest,
      },
      { event: 'refuse', code: 'EBPM_PERMISSIONS_UNAPPROVED', source: 'https://example.org/x.json' },
    ]);
  });
});
