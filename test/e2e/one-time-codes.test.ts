import { cliOwnersKind, cliRegistryChangeKind, validate } from '@ebpm/schemas';
import { type TOTP, URI } from 'otpauth';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { Authenticator } from './authenticator.js';
import { onTerminal } from './on-terminal.js';
import { openWorld, type World } from './open-world.js';
import { Person } from './person.js';
import { newToken } from './registry-process.js';
import { runEbpm } from './run-ebpm.js';

let world: World;
let alice: Person;

beforeAll(async () => {
  world = await openWorld();
  alice = new Person(world, world.token);
  await newToken(world.place, 'eve');
  await alice.publish('guarded', '1.0.0');
  await Authenticator.setUp(world.registry.url, world.token);
  expect(await alice.change('access', 'set', 'mfa=publish', 'guarded')).toBe('publish-otp-required');
});
afterAll(() => world.close());

const owners = async () => {
  const found = await alice.json(cliOwnersKind, 'owner', 'ls', 'guarded');
  return found.owners.map(({ name }) => name).sort();
};

describe('a package that people publish with a one-time code', () => {
  it.each([
    ['access', 'set', 'mfa=none', 'guarded'],
    ['access', 'set', 'publishers=trusted', 'guarded'],
    ['access', 'set', 'status=private', 'guarded'],
    ['owner', 'add', 'guarded', 'eve'],
    ['owner', 'rm', 'guarded', 'alice'],
    ['publisher', 'add', 'guarded', '--issuer', 'https://ci.example', '--claim', 'sub=eve'],
  ])('is not given away by the token of its owner alone: ebpm %s %s', async (...args) => {
    expect(await alice.failure(...args)).toBe('EBPM_OTP_REQUIRED 1');
    expect(await alice.failure(...args, '--otp', '000000')).toMatch(/^EBPM_(OTP_WRONG|LOGIN_THROTTLED) 1$/);
    expect(await alice.failure(...args, '--otp', 'none')).toBe('EBPM_USAGE_INVALID 2');
    expect(await owners()).toEqual(['alice']);
  });
});

describe('ebpm owner add, org member, team member, team grant --otp', () => {
  it('ebpm owner add takes a code, and asks for one on a terminal', async () => {
    const carol = await newcomer('carol');
    const code = await carol.app.code();
    expect(await carol.person.change('owner', 'add', 'of-carol', 'eve', '--otp', code)).toBe('owner-added');
    expect(await carol.person.failure('owner', 'rm', 'of-carol', 'eve', '--otp', code)).toBe('EBPM_OTP_WRONG 1');
    const { exitCode, text } = await onTerminal(['owner', 'rm', 'of-carol', 'eve'], {
      env: carol.person.env,
      question: 'Code of your authenticator app: ',
      answer: `${await carol.app.code()}\r`,
    });
    expect({ exitCode, text }).toEqual({
      exitCode: 0,
      text: expect.stringContaining('eve does not own of-carol any more'),
    });
  });

  it('ebpm org and team ask where a package of the organisation wants codes, for what gives rights', async () => {
    const dave = await newcomer('dave');
    const { person } = dave;
    expect(await person.change('org', 'create', 'acme')).toBe('organisation-created');
    expect(await person.change('team', 'create', 'acme', 'core')).toBe('team-created');
    expect(await person.change('owner', 'add', 'of-dave', 'acme', '--otp', await dave.app.code())).toBe('owner-added');
    const member = ['org', 'member', 'acme', 'eve', '--admin'];
    expect(await person.failure(...member)).toBe('EBPM_OTP_REQUIRED 1');
    expect(await person.failure('team', 'member', 'acme', 'core', 'dave')).toBe('EBPM_OTP_REQUIRED 1');
    expect(await person.failure('team', 'grant', 'acme', 'core', 'write', '*')).toBe('EBPM_OTP_REQUIRED 1');
    expect(await person.change('team', 'grant', 'acme', 'core', 'none', '*')).toBe('revoked');
    expect(await person.change(...member, '--otp', await dave.app.code())).toBe('member-added');
  });
});

describe('ebpm profile enable-2fa', () => {
  const PASSWORD = 'correct horse battery';
  const PASSWORD_QUESTION = 'Password of your account: ';
  let token: string;
  let frank: Person;

  beforeAll(async () => {
    token = await newToken(world.place, 'frank');
    frank = new Person(world, token);
    const answer = await fetch(`${world.registry.url}/api/v1/account/password`, {
      method: 'PUT',
      headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
      body: JSON.stringify({ password: PASSWORD }),
    });
    expect(answer.status).toBe(204);
  });

  it('ebpm profile enable-2fa shows no secret to who has a token, and not the password of its account', async () => {
    const { exitCode, text } = await onTerminal(['profile', 'enable-2fa'], {
      env: frank.env,
      question: PASSWORD_QUESTION,
      answer: 'not this one\r',
    });
    expect({ exitCode, text }).toEqual({ exitCode: 1, text: expect.stringContaining('code: EBPM_LOGIN_FAILED') });
    expect(text).not.toContain('otpauth:');
  });

  it('ebpm profile enable-2fa sets up codes for who has both', async () => {
    const { exitCode, text } = await onTerminal(['profile', 'enable-2fa'], {
      env: frank.env,
      question: PASSWORD_QUESTION,
      answer: `${PASSWORD}\r`,
      next: {
        question: 'Code that it shows: ',
        answer: (shown) => `${(URI.parse(/otpauth:\S+/.exec(shown)?.[0] ?? '') as TOTP).generate()}\r`,
      },
    });
    expect({ exitCode, text }).toEqual({ exitCode: 0, text: expect.stringContaining('Codes are asked for now') });
    expect(text).not.toContain(PASSWORD);
  });
});

describe('ebpm profile enable-2fa without a terminal', () => {
  const begin = ['profile', 'enable-2fa', '--begin'];

  it('ebpm profile enable-2fa --begin gives the secret to who pipes in the password, and a code of it ends it', async () => {
    const { env } = new Person(world, await newToken(world.place, 'grace'));
    const input = 'a long enough password\n';
    expect(await runEbpm(['profile', 'password'], { env, input: `\n${input}` })).toMatchObject({ exitCode: 0 });
    expect(await runEbpm(begin, { env })).toEqual({
      exitCode: 1,
      stdout: '',
      stderr: [
        'error: Cannot set up one-time codes: the account has a password, which was left out',
        'hint: From a pipe it is the one line: ebpm profile enable-2fa --begin < password.txt',
        'code: EBPM_LOGIN_FAILED\n',
      ].join('\n'),
    });
    const wrong = await runEbpm(begin, { env, input: 'not this one\n' });
    expect(wrong).toMatchObject({ exitCode: 1, stdout: '', stderr: expect.stringContaining('EBPM_LOGIN_FAILED') });
    const begun = await runEbpm([...begin, '--json'], { env, input });
    const checked = validate(cliRegistryChangeKind, JSON.parse(begun.stdout));
    if (!checked.ok) throw new Error(JSON.stringify(checked.problems));
    const { change, secret, uri = '' } = checked.value;
    const app = URI.parse(uri) as TOTP;
    expect({ change, secret }).toEqual({ change: 'otp-begun', secret: app.secret.base32 });
    expect((await runEbpm(['login', '--user', 'grace'], { env, input })).exitCode).toBe(0);
    expect((await runEbpm(['profile', 'enable-2fa', app.generate()], { env })).stdout).toBe(
      'Codes are asked for now\n',
    );
    expect((await runEbpm(['login', '--user', 'grace'], { env, input })).stderr).toContain('EBPM_OTP_REQUIRED');
  });

  it('ebpm profile enable-2fa --begin asks nobody where the account has no password', async () => {
    const { env } = new Person(world, await newToken(world.place, 'heidi'));
    expect(await runEbpm(begin, { env })).toEqual({
      exitCode: 0,
      stdout: expect.stringMatching(/^secret\t[A-Z2-7]+\nuri\totpauth:\/\/totp\/\S+\n$/),
      stderr: 'Codes are asked for once one of them is shown: ebpm profile enable-2fa CODE\n',
    });
  });

  it('ebpm profile enable-2fa says what to type instead', async () => {
    const { env } = new Person(world, world.token);
    expect((await runEbpm(['profile', 'enable-2fa'], { env })).stderr).toBe(
      [
        'error: Cannot set up one-time codes: this is no terminal',
        'hint: Type: ebpm profile enable-2fa --begin < password.txt',
        'hint: That writes a secret to stdout; with the code that it gives, type: ebpm profile enable-2fa CODE',
        'code: EBPM_USAGE_INVALID\n',
      ].join('\n'),
    );
    const both = await runEbpm([...begin, '123456'], { env });
    expect(both).toMatchObject({ exitCode: 2, stdout: '', stderr: expect.stringContaining('has no code yet') });
    expect((await runEbpm(['profile', 'enable-2fa', '12'], { env })).stderr).toContain('code: EBPM_USAGE_INVALID');
  });
});

/** Somebody with codes and a package that wants them. */
async function newcomer(name: string) {
  const token = await newToken(world.place, name);
  const person = new Person(world, token);
  await person.publish(`of-${name}`, '1.0.0');
  expect(await person.change('access', 'set', 'mfa=publish', `of-${name}`)).toBe('publish-otp-required');
  return { person, app: await Authenticator.setUp(world.registry.url, token) };
}
