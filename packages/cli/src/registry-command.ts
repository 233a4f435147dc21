import type { RegistryClient, WithCode } from '@ebpm/client';
import { printable } from '@ebpm/events';
import type { CliRegistryChange } from '@ebpm/schemas';
import { BaseCommand } from './base-command.js';
import { type OneRegistryOptions, withRegistry } from './open-registry.js';
import { registryFlag } from './registry-flag.js';
import { withOneTimeCode } from './with-one-time-code.js';

/** Which registry is meant: what `--registry` says, and the package or scope that it is for. */
type RegistryOf = Pick<OneRegistryOptions, 'flag' | 'name'>;

/** A command that does one thing with one registry. */
export abstract class RegistryCommand extends BaseCommand {
  static override baseFlags = { registry: registryFlag };

  /** Does something with the registry that flag, scope, environment and earlier logins choose. */
  protected async ask<T>(wish: RegistryOf, use: (registry: RegistryClient) => Promise<T>): Promise<T> {
    return withRegistry(this.context, { ...wish, ebpmVersion: this.config.version }, use);
  }

  /** Does something that the registry may want a one-time code for: `code` is what `--otp` says. */
  protected async withCode<T>(code: string | undefined, use: (code: WithCode) => Promise<T>): Promise<T> {
    const source = { code, stdin: process.stdin, stderr: this.context.stderr };
    return withOneTimeCode(source, (otp) => use({ otp }));
  }

  /** Changes something there, then says so. */
  protected async change(
    wish: RegistryOf,
    { sentence, ...result }: Omit<CliRegistryChange, 'registry'> & { readonly sentence: string },
    use: (registry: RegistryClient) => Promise<unknown>,
  ): Promise<CliRegistryChange> {
    const registry = await this.ask(wish, async (client) => {
      await use(client);
      return client.url;
    });
    this.log(printable(sentence));
    return { registry, ...result };
  }
}
