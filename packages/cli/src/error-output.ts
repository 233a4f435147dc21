import { printable } from '@ebpm/events';
import { closest, EbpmError, type ErrorTable } from '@ebpm/formats';
import type { CliError } from '@ebpm/schemas';
import { Errors } from '@oclif/core';
import { ERRORS } from './all-errors.js';

/** Any failure as an `EbpmError`: what oclif refuses is wrong usage, what nobody expected is an internal error. */
export function toEbpmError(error: unknown): EbpmError {
  if (error instanceof EbpmError) return withOwnMessage(error);
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

/** oclif writes around the message of what refused a flag's value: taken away again. */
function withOwnMessage(error: EbpmError): EbpmError {
  const { code, message, hint, data, cause } = error;
  const [, own] = /^Parsing --\S+ \n\t(.*)\nSee more help with --help$/s.exec(message) ?? [];
  if (own === undefined) return error;
  return new EbpmError(code, own, { ...(hint && { hint }), ...(data && { data }), cause });
}

/** Flags of the command that may have been meant. */
function similarFlags(error: Errors.CLIError): readonly string[] {
  // oclif gives the refused flags, and what the command takes; its class is not among what it exports.
  const { flags, parse } = error as {
    readonly flags?: unknown;
    readonly parse?: { readonly input?: { readonly flags?: Readonly<Record<string, { readonly hidden?: boolean }>> } };
  };
  if (!Array.isArray(flags)) return [];
  const known = Object.entries(parse?.input?.flags ?? {}).flatMap(([name, { hidden }]) => (hidden ? [] : [name]));
  const meant = flags.flatMap((flag) => similarFlag(String(flag), known) ?? []);
  return meant.map((flag) => `Did you mean --${flag}?`);
}

/**
 * The flag of a similar name; else the only one whose name begins what was typed (`--output`), or has it as its start or as one of its words:
 * `--org`, `--pid`.
 */
function similarFlag(typed: string, known: readonly string[]): string | undefined {
  const word = typed.replace(/^-+/, '').replace(/=.*/s, '');
  // A letter is near to any other.
  if (word.length < 2) return undefined;
  const near = closest(
    `--${word}`,
    known.map((name) => `--${name}`),
  );
  if (near !== undefined) return near.slice(2);
  const named = known.filter((name) => {
    return name.startsWith(word) || word.startsWith(name) || name.split('-').includes(word);
  });
  return named.length === 1 ? named[0] : undefined;
}

/** oclif's words in one line, without its own hint. */
function sentenceOf({ message }: Errors.CLIError): string {
  const lines = message.split('\n').filter((line) => !line.startsWith('See more help'));
  const sentence = lines.join(' ').replace(/\s+/g, ' ').trim();
  const [, flag, reason = ''] = /^Parsing (--\S+) (.+)$/.exec(sentence) ?? [];
  if (flag === undefined) return sentence;
  return reason.startsWith('Cannot ')
    ? reason
    : `Cannot read ${flag}: ${reason.replace(/^./, (letter) => letter.toLowerCase())}`;
}

/** The exit code of a command that ends with this error. Codes that a registry invented end with 1. */
export function exitCodeOf(error: EbpmError): number {
  return (ERRORS as ErrorTable)[error.code]?.exit ?? 1;
}

/** An error as a program reads it. */
export function errorJson({ code, message, hint, data }: EbpmError): CliError['error'] {
  return {
    code,
    message,
    ...(hint === undefined ? {} : { hint }),
    ...(data === undefined ? {} : { data: { ...data } }),
  };
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
