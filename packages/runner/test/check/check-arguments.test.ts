import { CheckedObject, openBtf, readElf } from '@ebpm/object';
import { describe, expect, it } from 'vitest';
import { compileFixture } from '../../../../test/support/compile-fixture.js';
import { checkArguments } from '../../src/check/check-arguments.js';
import { optionsPackage } from '../options-package.js';

const CHECKED = CheckedObject.read(compileFixture(new URL('../fixtures/arguments.bpf.c', import.meta.url)));
const PACKAGE = { ...optionsPackage(), checked: CHECKED, object: CHECKED.object };
const kernelObject = compileFixture(new URL('../fixtures/arguments-kernel.bpf.c', import.meta.url));
const KERNEL = openBtf(readElf(kernelObject).sections.find(({ name }) => name === '.BTF')?.bytes ?? new Uint8Array());

describe('checkArguments()', () => {
  it('checkArguments() warns of arguments that the kernel passes as something else, and of no others', () => {
    const found = checkArguments(PACKAGE, KERNEL, [], 'x64');
    expect(Object.fromEntries(found.map(({ program, reason }) => [program, reason]))).toEqual({
      wrong: 'argument 1 of "connect" is taken for "struct socket *", and this kernel passes "struct sock *"',
      number: 'argument 2 of "connect" is taken for "struct socket *", and this kernel passes "int"',
      beyond: 'argument 4 of "connect" is taken for "struct socket *", and this kernel passes 3',
      result: 'argument 4 of "connect" is taken for "struct socket *", and this kernel passes "struct sock *"',
      probe_wrong: 'argument 1 of "connect" is taken for "struct socket *", and this kernel passes "struct sock *"',
      point_wrong: 'argument 1 of "event" is taken for "struct socket *", and this kernel passes "struct sock *"',
      hook_wrong: 'argument 1 of "hook" is taken for "struct sock *", and this kernel passes "struct socket *"',
    });
  });

  it('checkArguments() warns once, and says what that means', () => {
    const [finding] = checkArguments(PACKAGE, KERNEL, [], 'x64').filter(({ program }) => program === 'probe_wrong');
    expect(finding).toMatchObject({
      code: 'argument_type',
      subject: 'program "probe_wrong"',
      outcome: 'warning',
      certainty: 'inferred',
      cure: 'What it shows may be wrong: use a version of the package that was written for this kernel',
    });
  });

  it('checkArguments() does not know the registers of every machine', () => {
    const found = checkArguments(PACKAGE, KERNEL, [], 'riscv64');
    expect(found.map(({ program }) => program)).not.toContain('probe_wrong');
  });

  it('checkArguments() says that a program will not load which reads an argument that is not passed, and warns of it no more', () => {
    const program = CHECKED.object.programs.find(({ name }) => name === 'beyond');
    if (program === undefined) throw new TypeError('the fixture has no such program');
    const read = { program, sizeBytes: 8, isCertain: true, setting: undefined };
    const found = checkArguments(PACKAGE, KERNEL, [
      { ...read, offsetBytes: 16 },
      { ...read, offsetBytes: 24 },
    ]);
    expect(found.filter(({ program: name }) => name === 'beyond')).toMatchObject([
      {
        code: 'argument_missing',
        outcome: 'missing',
        certainty: 'proved',
        reason: 'it reads argument 4 of "connect", and this kernel passes 3',
      },
    ]);
  });
});
