import { describe, expect, it } from 'vitest';
import { isMatched, isSymbolIn } from '../../src/check/function-lists.js';
import { readLockdown, readMemlock } from '../../src/check/process-limits.js';
import { parseTracepointFormat, recordEnd } from '../../src/check/tracepoint-format.js';

const SYMBOLS = [
  'ffffffff81000000 T _stext',
  'ffffffff81000010 t do_it.cold',
  'ffffffff81000020 d jiffies',
  'ffffffffc0000000 t in_module\t[some]',
].join('\n');

describe('isSymbolIn()', () => {
  it.each([
    ['_stext', true, true],
    ['jiffies', true, false],
    ['jiffies', false, true],
    ['do_it', true, false],
    ['do_it.cold', true, true],
    ['in_module', true, true],
    ['some', false, false],
  ])('isSymbolIn() of %s, as a function: %s, is %s', (name, isFunction, wanted) => {
    expect(isSymbolIn(SYMBOLS, name, isFunction)).toBe(wanted);
  });
});

describe('isMatched()', () => {
  const list = 'do_unlinkat\ntcp_connect\ntcp_close [tcp]\n';
  it.each([
    ['tcp_connect', true],
    ['tcp_close', true],
    ['tcp_conn', false],
    ['tcp_*', true],
    ['*connect', true],
    ['tcp_c?ose', true],
    ['udp_*', false],
    ['*tcp', false],
  ])('isMatched() of %s is %s', (pattern, wanted) => {
    expect(isMatched(list, pattern)).toBe(wanted);
  });

  it('isMatched() takes no time without end for a pattern of many stars', () => {
    expect(isMatched(`${'a'.repeat(500)}\n`.repeat(20), `${'*a'.repeat(200)}b`)).toBe(false);
  });
});

describe('parseTracepointFormat()', () => {
  const text = [
    'name: sys_enter_kill\nID: 150\nformat:',
    '\tfield:unsigned short common_type;\toffset:0;\tsize:2;\tsigned:0;',
    '\tfield:int common_pid;\toffset:4;\tsize:4;\tsigned:1;',
    '',
    '\tfield:int __syscall_nr;\toffset:8;\tsize:4;\tsigned:1;',
    '\tfield:char comm[16];\toffset:12;\tsize:16;\tsigned:0;',
    '\tfield:__data_loc char[] filename;\toffset:28;\tsize:4;\tsigned:1;',
    '\nprint fmt: "pid: 0x%08lx", ((unsigned long)(REC->pid))',
  ].join('\n');

  it('parseTracepointFormat() has each field with its place', () => {
    expect(
      parseTracepointFormat(text).map(({ name, offsetBytes, sizeBytes }) => [name, offsetBytes, sizeBytes]),
    ).toEqual([
      ['common_type', 0, 2],
      ['common_pid', 4, 4],
      ['__syscall_nr', 8, 4],
      ['comm', 12, 16],
      ['filename', 28, 4],
    ]);
  });

  it('recordEnd() is where the last field ends', () => {
    expect(recordEnd(parseTracepointFormat(text))).toBe(32);
    expect(recordEnd(parseTracepointFormat('nonsense'))).toBeUndefined();
  });
});

describe('readLockdown() and readMemlock()', () => {
  it('readLockdown() is the word in brackets', () => {
    expect(readLockdown('none [integrity] confidentiality\n')).toBe('integrity');
    expect(readLockdown(undefined)).toBeUndefined();
  });

  it('readMemlock() is the soft limit in bytes', () => {
    expect(readMemlock('Max locked memory         65536                8388608              bytes     \n')).toBe(65536);
    expect(
      readMemlock('Max locked memory         unlimited            unlimited            bytes     \n'),
    ).toBeUndefined();
  });
});
