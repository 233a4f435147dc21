import { printable } from '@ebpm/events';
import { closest, EbpmError, type ErrorTable } from '@ebpm/formats';
import { Errors } from '@oclif/core';
import { ERRORS } from './all-errors.js';

/** Any failure as an `EbpmError`: what oclif refuses is wrong usage, what nobody expected is an internal error. */
export function toEbpmError(error: unknown): EbpmError {
  if (error instanceof EbpmError) return error;
  if (error instanceof Errors.CLIError) {
    return new EbpmError('EBPM_USAGE_INVALID', sentenceOf(error), {
      cause: error,
      hint: [...similarFlags(error), 'Put --help after the command to see its flags'].join('\n'),
    });
  }
  const text = error instanceof Error ? (error.stack ?? error.message) : String(error);
  const [what = '', ...log] = text.split('\n');
  return new EbpmError('EBPM_INTERNAL', `This is a bug in ebpm: ${what}`, { cause: error, data: { log } });
}

/** Flags of the command that are nearly what was typed. */
function similarFlags(error: Errors.CLIError): readonly string[] {
  // oclif gives the refused flags, and what the command takes; its class is not among what it exports.
  const { flags, parse } = error as {
    readonly flags?: unknown;
    readonly parse?: { readonly input?: { readonly flags?: object } };
  };
  if (!Array.isArray(flags)) return [];
  const known = Object.keys(parse?.input?.flags ?? {}).map((name) => `--${name}`);
  const meant = flags.map((flag) => closest(String(flag), known)).filter((flag) => flag !== undefined);
  return meant.map((flag) => `Did you mean ${flag}?`);
}

/** oclif's words in one line, without its own hint. */
function sentenceOf({ message }: Errors.CLIError): string {
  const lines = message.split('\n').filter((line) => !line.startsWith('See more help'));
  return lines.join(' ').replace(/\s+/g, ' ').trim();
}

/** The exit code of a command that ends with this error. Codes that a registry invented end with 1. */
export function exitCodeOf(error: EbpmError): number {
  return (ERRORS as ErrorTable)[error.code]?.exit ?? 1;
}

/**
 * An error as a person reads it, ended by a newline: what a compiler said, as it said it, then message, telling lines
 * of a log, what to type, code. A line feed within a message or a line of a log is escaped: no file and no registry can
 * put a hint of its own there.
 */
export function formatError(error: EbpmError): string {
  const { log, diagnostics } = error.data ?? {};
  const lines = [
    `error: ${error.message}`,
    ...(Array.isArray(log) ? log.map((line) => `  ${line}`) : []),
    ...(error.hint === undefined ? [] : error.hint.split('\n').map((line) => `hint: ${line}`)),
    `code: ${error.code}`,
  ];
  const text = lines.map((line) => `${printable(line)}\n`);
  return `${typeof diagnostics === 'string' ? diagnostics : ''}${text.join('')}`;
}
