import { describe, expect, it } from 'vitest';
import { bpfNeedsPrivilege } from '../src/privileges.js';

describe('bpfNeedsPrivilege()', () => {
  it.each([
    ['5.15.0-91-generic', true, true],
    ['5.18.19', true, true],
    ['4.19.0', true, true],
    ['5.15.0', false, false],
    ['5.19.0', true, false],
    ['6.1.0-18-amd64', true, false],
  ])('bpfNeedsPrivilege() of %s, unprivileged bpf(2) forbidden: %s, is %s', (kernel, isForbidden, expected) => {
    expect(bpfNeedsPrivilege(kernel, isForbidden)).toBe(expected);
  });
});
