import { cliErrorKind, cliRegistryChangeKind, type Kind, validate } from '@ebpm/schemas';
import { expect } from 'vitest';
import type { World } from './open-world.js';
import { runEbpm } from './run-ebpm.js';

/** Somebody with a token of his own. */
export class Person {
  readonly env: Readonly<Record<string, string>>;
  readonly #world: World;

  constructor(world: World, token: string) {
    this.#world = world;
    this.env = { EBPM_HOME: world.newHome(), EBPM_REGISTRY: world.registry.url, EBPM_TOKEN: token };
  }

  async publish(name: string, version: string): Promise<void> {
    const tag = version.includes('-') ? ['--tag', 'next'] : [];
    const { exitCode, stderr } = await runEbpm(['publish', this.#world.newProject({ name, version }), ...tag], {
      env: this.env,
    });
    expect({ exitCode, stderr }).toEqual({ exitCode: 0, stderr: '' });
  }

  async json<T>(kind: Kind<T>, ...args: readonly string[]): Promise<T> {
    const { exitCode, stdout, stderr } = await runEbpm([...args, '--json'], { env: this.env });
    expect({ exitCode, stderr, stdout: exitCode === 0 ? '' : stdout }).toEqual({ exitCode: 0, stderr: '', stdout: '' });
    return valid(kind, stdout);
  }

  /** What a change says that it did. */
  async change(...args: readonly string[]): Promise<string> {
    return (await this.json(cliRegistryChangeKind, ...args)).change;
  }

  async failure(...args: readonly string[]): Promise<string> {
    const { exitCode, stdout } = await runEbpm([...args, '--json'], { env: this.env });
    return `${valid(cliErrorKind, stdout).error.code} ${exitCode}`;
  }

  async warning(...args: readonly string[]): Promise<string> {
    return (await runEbpm(args, { env: this.env })).stderr;
  }

  /** What a person sees. */
  async words(...args: readonly string[]): Promise<string> {
    return (await runEbpm(args, { env: this.env })).stdout;
  }
}

function valid<T>(kind: Kind<T>, text: string): T {
  const checked = validate(kind, JSON.parse(text));
  if (!checked.ok) throw new Error(`${JSON.stringify(checked.problems)} in ${text}`);
  return checked.value;
}
