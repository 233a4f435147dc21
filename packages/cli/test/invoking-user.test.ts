import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { invokingUser } from '../src/invoking-user.js';

const IS_ROOT = process.geteuid?.() === 0;
/** Somebody other than root who is in the user database. */
const [name = '', , uid = '', gid = '', , home = ''] = (
  readFileSync('/etc/passwd', 'utf8')
    .split('\n')
    .find((line) => /^nobody:/.test(line)) ?? ''
).split(':');

describe('invokingUser()', () => {
  it.runIf(IS_ROOT)('invokingUser() gives the user of SUDO_UID as the user database has it', () => {
    expect(uid).not.toBe('');
    const lies = { SUDO_UID: uid, SUDO_USER: 'root', SUDO_GID: '0', HOME: '/root' };
    expect(invokingUser(lies)).toEqual({ name, uid: Number(uid), gid: Number(gid), home });
  });

  it.each([
    ['is not there', {}],
    ['is empty', { SUDO_UID: '' }],
    ['is root', { SUDO_UID: '0' }],
    ['is no number', { SUDO_UID: 'nobody' }],
    ['is negative', { SUDO_UID: '-1' }],
    ['is not whole', { SUDO_UID: '1.5' }],
    ['is nobody whom the user database knows', { SUDO_UID: '4294967294' }],
  ])('invokingUser() gives none when SUDO_UID %s', (_what, env) => {
    expect(invokingUser({ ...env, SUDO_USER: name })).toBeUndefined();
  });

  it.skipIf(IS_ROOT)('invokingUser() gives none to a process that is not root', () => {
    expect(invokingUser({ SUDO_UID: uid })).toBeUndefined();
  });
});
