import { execFileSync } from 'node:child_process';
import { describe, expect, it } from 'vitest';
import { commandScript } from '../src/command-script.js';
import { GUEST_INIT } from '../src/guest-init.js';

/** The part of the script that does not need the guest's cgroups: from the variables on. */
function runTail(script: string): string {
  return execFileSync('/bin/sh', ['-c', script.slice(script.indexOf('export '))], {
    encoding: 'utf8',
    env: {},
    stdio: 'pipe',
  });
}

describe('commandScript()', () => {
  it('sets the variables and becomes the command', () => {
    const script = commandScript(['sh', '-c', 'printf %s "$1|$X|$HOME"', 'name', "it's"], { X: 'a\nb', HOME: '/' });
    expect(runTail(script)).toBe("it's|a\nb|/");
  });

  it('does not take a first word for an assignment', () => {
    expect(() => runTail(commandScript(['A=b'], { HOME: '/' }))).toThrow('not found');
  });
});

describe('GUEST_INIT', () => {
  it('is a script that a shell can parse', () => {
    execFileSync('/bin/sh', ['-n'], { input: GUEST_INIT });
  });
});
