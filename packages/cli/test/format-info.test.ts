import type { CliInfo } from '@ebpm/schemas';
import { describe, expect, test } from 'vitest';
import { formatInfo } from '../src/format-info.js';

const DIGEST = `sha256:${'0'.repeat(64)}`;
const version = (number: string, yanked = false) => ({
  version: number,
  publishedAt: '2026-01-02T03:04:05Z',
  publisher: 'alice',
  yanked,
});

function info(changes: Partial<CliInfo> = {}): CliInfo {
  return {
    registry: 'https://a.example',
    name: 'x',
    version: '1.0.0',
    digest: DIGEST,
    sizeBytes: 2048,
    files: [{ path: 'ebpm.json', sizeBytes: 60, digest: DIGEST }],
    manifest: { name: 'x', description: 'says it', keywords: ['a', 'b'] },
    publishedAt: '2026-01-02T03:04:05Z',
    publisher: 'alice',
    seq: 3,
    yanked: false,
    tags: { latest: '1.0.0', next: '2.0.0-rc.1' },
    versions: [version('1.0.0')],
    installed: ['1.0.0'],
    ...changes,
  };
}

describe('formatInfo()', () => {
  test('formatInfo() writes a line for each thing that is known', () => {
    expect(formatInfo(info())).toBe(
      [
        'package:     x@1.0.0',
        'description: says it',
        'keywords:    a, b',
        'published:   2026-01-02T03:04:05Z by alice',
        'signed by:   nobody',
        'registry:    https://a.example',
        `digest:      ${DIGEST}`,
        'size:        2048 bytes',
        'files:       ebpm.json (60)',
        'tags:        latest: 1.0.0, next: 2.0.0-rc.1',
        'versions:    1.0.0',
        'installed:   1.0.0',
        '',
      ].join('\n'),
    );
  });

  test('formatInfo() says who has signed it, and what he says of how it was built', () => {
    const key = `k_${'1'.repeat(32)}`;
    const provenance = { source: 'git+https://git.example/x', commit: 'ab12', builder: 'https://ci.example' };
    const text = formatInfo(info({ signature: { key, pinned: true, provenance } }));
    expect(text).toContain(`signed by:   ${key}, as what is installed\n`);
    expect(text).toContain('built from:  git+https://git.example/x (ab12), says its publisher\n');
    expect(text).toContain('built by:    https://ci.example\n');
  });

  test('formatInfo() counts versions that are too many, and marks what was yanked', () => {
    const versions = Array.from({ length: 12 }, (_, at) => version(`1.${11 - at}.0`, at === 0));
    const text = formatInfo(info({ versions, yanked: true, installed: [] }));
    expect(text).toContain('package:     x@1.0.0 (yanked)\n');
    expect(text).toContain('versions:    1.11.0 (yanked), 1.10.0,');
    expect(text).toContain('1.2.0, and 2 more\n');
    expect(text).toContain('installed:   no\n');
  });

  test('formatInfo() shows what a manifest holds without trusting it', () => {
    const text = formatInfo(info({ manifest: { description: 7, license: 'MIT\u001b[2J\n', keywords: 'x' } }));
    expect(text).toContain('license:     MIT\\x1b[2J\\n\n');
    expect(text).not.toMatch(/description|keywords/);
  });
});
