import { beforeEach, describe, expect, it } from 'vitest';
import { cSkeleton } from '../../src/skeleton/c-skeleton.js';
import { wordsOfClang } from '../guest/compile-c.js';
import { HOSTILE_SKELETON } from './hostile-skeleton.js';
import { manyLayouts } from './many-layouts.js';

let text = '';
// The first test builds it for all.
beforeEach(async () => {
  text ||= cSkeleton(await manyLayouts());
});

describe('cSkeleton()', () => {
  it('is C without a warning whose layouts are those of the kernel half', async () => {
    expect(await wordsOfClang(text)).toBe('');
  });

  it.each([
    ['a wider member', '\tint64_t number;', '\tint32_t number;'],
    ['another padding', 'uint8_t ebpm_pad_0[7];', 'uint8_t ebpm_pad_0[9];'],
    [
      'another order',
      'int32_t pid;\n\tuint8_t ebpm_pad_0[4];\n\tint64_t place;',
      'int64_t place;\n\tint32_t pid;\n\tint32_t pad;',
    ],
    ['a size of its own', 'char comm[16];', 'char comm[17];'],
  ])('does not compile with %s', async (_, right, wrong) => {
    expect(text).toContain(right);
    expect(await wordsOfClang(text.replace(right, wrong))).toContain('static_assert failed');
  });

  it('writes what has 8 bytes in the kernel half and 4 in a guest as words of 8', () => {
    expect(text).toContain(
      '\tuint64_t address;\n\tint64_t number;\n\tuint64_t sizes[3];\n\tuint32_t color;\n\tbool yes;',
    );
    expect(text).toContain('\tint32_t grid[2][3];');
  });

  it('types a poll where all records of a map are one struct, and not where they differ', () => {
    expect(text).toContain(
      'typedef int (*tool__on_events)(void *context, const struct tool_event *record, size_t size);',
    );
    expect(text).toContain('typedef int (*tool__on_mixed)(void *context, const void *record, size_t size);');
  });

  it('types the entries of maps, also by a typedef, and leaves what has only a size as bytes', () => {
    expect(text).toContain(
      'tool__lookup_counts(const struct tool_skel *skel, const struct tool_key *key, struct tool_totals_t *value)',
    );
    expect(text).toContain('tool__lookup_each(const struct tool_skel *skel, const int32_t *key, int64_t *value)');
    expect(text).toContain(
      'tool__update_plain(const struct tool_skel *skel, const void *key, const void *value, uint64_t flags)',
    );
  });

  it('attaches by itself only what needs no target', () => {
    const attach = /int tool__attach\(.*?\n}/s.exec(text)?.[0];
    expect(attach).toContain('"on_exec"');
    expect(attach).not.toContain('"on_packet"');
    expect(text).toContain('tool__attach_on_packet_to(const struct tool_skel *skel, const char *target)');
  });

  it('has setters only for globals that have bytes in the object', () => {
    const setters = [...text.matchAll(/tool__set_(\w+)\((.*)\)/g)].map(
      ([, name, parameter]) => `${name}: ${parameter}`,
    );
    expect(setters).toEqual([
      'target: int32_t value',
      'limits: const int64_t *value',
      'chosen: const struct tool_key *value',
    ]);
  });

  it('makes C without a warning of names that are keywords, no identifiers, or twice the same', async () => {
    expect(await wordsOfClang(cSkeleton(HOSTILE_SKELETON))).toBe('');
  });
});
