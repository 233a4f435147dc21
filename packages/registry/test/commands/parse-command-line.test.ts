import { describe, expect, it } from 'vitest';
import { COMMANDS } from '../../src/commands/command-table.js';
import { helpText } from '../../src/commands/help.js';
import { parseLifeMs } from '../../src/commands/life.js';
import { parseCommandLine } from '../../src/commands/parse-command-line.js';

const parsed = (line: string) => {
  const { command, input, wantsHelp } = parseCommandLine(line.split(' ').filter((word) => word !== ''));
  return { name: command.name, ...input, wantsHelp };
};

describe('parseCommandLine()', () => {
  it.each([
    ['--store file:x --port 0', '', [], { store: 'file:x', port: '0' }],
    ['user add alice --store file:x', 'user add', ['alice'], { store: 'file:x' }],
    ['user list --json --store=file:x', 'user list', [], { json: true, store: 'file:x' }],
    ['token create alice --expires 30d', 'token create', ['alice'], { expires: '30d' }],
    ['token revoke t_1', 'token revoke', ['t_1'], {}],
  ])('reads "%s"', (line, name, positionals, flags) => {
    expect(parsed(line)).toEqual({ name, positionals, flags, wantsHelp: false });
  });

  it.each(['--help', 'user add --help', 'token create --help --store x'])('sees that "%s" wants help', (line) => {
    expect(parsed(line).wantsHelp).toBe(true);
  });

  it.each([
    '--prot 0',
    '--port',
    '--json=yes',
    'user',
    'users list',
    'user add',
    'user add a b',
    'user list a',
    'user add a --port 0',
    '-x',
  ])('refuses "%s" with EBPM_REGISTRY_USAGE', (line) => {
    expect(() => parsed(line)).toThrow(expect.objectContaining({ code: 'EBPM_REGISTRY_USAGE' }));
  });

  it('sees that "--version" wants the version, of the server alone', () => {
    expect(parseCommandLine(['--version'])).toMatchObject({ wantsVersion: true, wantsHelp: false });
    expect(() => parsed('user list --version')).toThrow(expect.objectContaining({ code: 'EBPM_REGISTRY_USAGE' }));
  });

  it.each([
    ['verfy', 'it has no command "verfy"', 'ebpm-registry --help'],
    ['owner ad sigsnoop bob', 'it has no command "owner ad"', 'ebpm-registry owner add, or owner remove'],
    ['config', 'it has no command "config"', 'ebpm-registry config check, or config show'],
    ['--prot 0', "Unknown option '--prot'", 'ebpm-registry --help'],
    ['user list --prot 0', "Unknown option '--prot'", 'ebpm-registry user list --help'],
  ])('says of "%s" what there is instead', (line, reason, hint) => {
    const message = `Cannot run ebpm-registry: ${reason}`;
    expect(() => parsed(line)).toThrow(expect.objectContaining({ message, hint }));
  });
});

describe('helpText()', () => {
  it.each(COMMANDS)('names every flag of "$name"', (command) => {
    const text = helpText(command);
    for (const flag of [...Object.keys(command.flags), 'help']) expect(text).toContain(`--${flag} `);
    for (const positional of command.positionals) expect(text).toContain(positional);
  });

  it('lists every command', () => {
    const [server] = COMMANDS;
    for (const { name } of COMMANDS) expect(server && helpText(server)).toContain(`ebpm-registry ${name}`.trim());
  });
});

describe('parseLifeMs()', () => {
  it.each([
    ['90m', 5_400_000],
    ['12h', 43_200_000],
    ['30d', 2_592_000_000],
    ['3650d', 315_360_000_000],
  ])('reads "%s"', (text, lifeMs) => {
    expect(parseLifeMs(text)).toBe(lifeMs);
  });

  it.each(['', '0d', '30', 'd', '-1d', '1.5d', '1y', '3651d', '9999999d', '1d '])('refuses "%s"', (text) => {
    expect(() => parseLifeMs(text)).toThrow(expect.objectContaining({ code: 'EBPM_REGISTRY_USAGE' }));
  });
});
