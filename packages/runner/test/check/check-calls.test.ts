import type { CallAnswer } from '@ebpm/loader';
import { CheckedObject, openBtf, readElf } from '@ebpm/object';
import { describe, expect, it } from 'vitest';
import { compileFixture } from '../../../../test/support/compile-fixture.js';
import { checkPackage } from '../../src/check/check-package.js';
import { skipsZeros } from '../../src/check/check-struct-ops.js';
import type { Host } from '../../src/check/host.js';
import { hostOfBtf } from '../../src/check/host-of-btf.js';
import type { RunnablePackage } from '../../src/runnable-package.js';
import { ableHost } from '../able-host.js';
import { optionsPackage } from '../options-package.js';

const CHECKED = CheckedObject.read(compileFixture(new URL('../fixtures/calls.bpf.c', import.meta.url)));
const TYPES = typesOf(compileFixture(new URL('../fixtures/calls-kernel.bpf.c', import.meta.url)));
const ABLE: Host = { ...ableHost(() => openBtf(TYPES)), config: () => new Map([['CONFIG_HZ', '250']]) };

function typesOf(object: Uint8Array): Uint8Array {
  return readElf(object).sections.find(({ name }) => name === '.BTF')?.bytes ?? new Uint8Array();
}

function packageOf(...names: readonly string[]): RunnablePackage {
  const programs = CHECKED.object.programs.filter(({ name }) => names.includes(name));
  const externs = names.includes('calls_kernel') ? CHECKED.object.externs : CHECKED.object.externs.filter(isSetting);
  return { ...optionsPackage(), checked: CHECKED, object: { ...CHECKED.object, programs, externs } };
}

function isSetting({ section, name }: { readonly section: string; readonly name: string }): boolean {
  return section === '.kconfig' || name === 'a_weak_function';
}

/** What is not well, the table apart, which is always looked at. */
function open(pkg: RunnablePackage, host: Partial<Host> = {}) {
  const { findings } = checkPackage(pkg, { ...ABLE, ...host });
  return findings.filter(({ outcome, code }) => outcome !== 'ok' && code !== 'struct_ops');
}

const NO: CallAnswer = { allowed: false, reason: 'unknown func' };
/** A kernel without some helpers, by number. */
const without = (...helpers: readonly number[]): Partial<Host> => ({
  callHelper: (_, helper) => (helpers.includes(helper) ? NO : { allowed: true }),
});

describe('helpers', () => {
  it('checkPackage() says that a program calls what the kernel does not give it, and how sure that is', () => {
    expect(open(packageOf('calls'), without(5))).toMatchObject([
      {
        code: 'helper',
        program: 'calls',
        outcome: 'missing',
        certainty: 'probed',
        reason: 'it may not call helper bpf_ktime_get_ns here: unknown func',
        wants: 'bpf_ktime_get_ns',
      },
    ]);
    expect(open(packageOf('may_call'), without(125))).toMatchObject([{ outcome: 'missing', certainty: 'inferred' }]);
  });

  it('checkPackage() does not count what a constant global or the configuration shuts off', () => {
    expect(open(packageOf('calls'), without(174))).toEqual([]);
    expect(open(packageOf('may_call'), without(160))).toEqual([]);
    const config = () =>
      new Map([
        ['CONFIG_HZ', '250'],
        ['CONFIG_SOME_OPTION', 'y'],
      ]);
    expect(open(packageOf('may_call'), { ...without(160), config })).toMatchObject([{ code: 'helper' }]);
  });

  it('checkPackage() says what took a helper away where the kernel is locked down', () => {
    const [finding] = open(packageOf('calls'), { ...without(5), lockdown: () => 'confidentiality' });
    expect(finding?.cure).toContain('locked down (confidentiality)');
  });

  it('checkPackage() says once that the kernel could not be asked', () => {
    expect(open(packageOf('calls', 'may_call'), { callHelper: () => undefined })).toMatchObject([
      { subject: 'kernel functions', outcome: 'unknown', reason: 'the kernel could not be asked about 3 calls' },
    ]);
    expect(open(packageOf('calls'), { callHelper: () => undefined })).toMatchObject([
      { reason: 'the kernel could not be asked about one call' },
    ]);
  });

  it('checkPackage() infers helpers of another kernel from its BTF', () => {
    const { findings } = checkPackage(packageOf('calls'), { ...hostOfBtf(TYPES), callHelper: () => NO });
    expect(findings.find(({ code }) => code === 'helper')).toMatchObject({ outcome: 'missing', certainty: 'inferred' });
  });
});

describe('settings and symbols', () => {
  it('checkPackage() says that the kernel was built without what is asked for', () => {
    expect(open(packageOf('calls'), { config: () => new Map() })).toMatchObject([
      { code: 'kernel_setting', outcome: 'missing', certainty: 'proved', wants: 'CONFIG_HZ' },
    ]);
    expect(
      open(packageOf('calls'), { config: () => undefined })
        .map(({ reason }) => reason)
        .sort(),
    ).toEqual(
      ['CONFIG_HZ', 'CONFIG_SOME_OPTION'].map(
        (name) => `the kernel's configuration is not to be found, and the package asks for ${name}`,
      ),
    );
    expect(open(packageOf('calls'), { config: () => new Map([['CONFIG_HZ', 'y']]) })).toMatchObject([
      { reason: 'CONFIG_HZ is not what the package takes it for: it is "y"' },
    ]);
  });

  it('checkPackage() looks for functions and symbols of the kernel, weak ones apart', () => {
    expect(open(packageOf('calls_kernel'))).toEqual([]);
    const other = () =>
      openBtf(typesOf(compileFixture(new URL('../fixtures/arguments-kernel.bpf.c', import.meta.url))));
    const found = open(packageOf('calls_kernel', 'asks_first'), { btf: other, hasSymbol: () => false });
    expect(found.map(({ code, wants, outcome, certainty }) => [code, wants, outcome, certainty])).toEqual([
      ['kernel_symbol', 'a_function', 'missing', 'proved'],
      ['kernel_symbol', 'a_symbol', 'missing', 'proved'],
    ]);
  });

  it('checkPackage() says that a program may not call a kernel function, unless it asks first', () => {
    const callKernelFunction = () => NO;
    expect(open(packageOf('calls_kernel'), { callKernelFunction })).toMatchObject([
      { code: 'kernel_function', wants: 'a_function', certainty: 'probed' },
    ]);
    expect(open(packageOf('asks_first'), { callKernelFunction })).toMatchObject([{ wants: 'a_weak_function' }]);
  });
});

describe('tracepoint fields', () => {
  const formatOf = (...sizes: readonly number[]) => {
    const lines = sizes.map(
      (size, index) => `\tfield:int f${index};\toffset:${8 + 8 * index};\tsize:${size};\tsigned:1;`,
    );
    return { tracepointFormat: () => lines.join('\n') };
  };

  it('checkPackage() says that a record does not have what is read', () => {
    expect(open(packageOf('reads'), formatOf(8, 4))).toEqual([]);
    expect(open(packageOf('reads'), formatOf(8))).toMatchObject([
      {
        code: 'tracepoint_fields',
        outcome: 'missing',
        certainty: 'proved',
        reason: 'it reads bytes 16 to 19 of a record that has 16',
      },
    ]);
  });

  it('checkPackage() warns where what is read is no field', () => {
    expect(open(packageOf('reads'), formatOf(8, 2, 4))).toMatchObject([
      { outcome: 'warning', reason: "it reads bytes that are no field of this kernel's record: 4 at 16" },
    ]);
  });
});

describe('struct_ops', () => {
  it('checkPackage() says which member of a table the kernel does not have', () => {
    const { findings } = checkPackage(packageOf('stands_in'), ABLE);
    const wanted = findings.filter(({ code }) => code === 'struct_ops').map(({ wants }) => wants);
    expect(wanted).toContain('a_table.unknown');
    expect(wanted).not.toContain('a_table.known');
  });

  it('skipsZeros() is true of libbpf 1.4 and newer', () => {
    expect(['v1.1', 'v1.3', 'v1.4', 'v2.0'].map(skipsZeros)).toEqual([false, false, true, true]);
  });
});
