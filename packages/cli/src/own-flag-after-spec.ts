import { closest, EbpmError } from '@ebpm/formats';
import Run from './commands/run.js';

/**
 * The refusal of a program's argument, with one more hint where it is a flag of `ebpm run`, or nearly one: that stands before the
 * package.
 */
export function withOwnFlag(error: EbpmError, spec: string): EbpmError {
  const { code, message, hint = '', data, cause } = error;
  const argument = data?.['argument'];
  if (code !== 'EBPM_ARGUMENT_UNKNOWN' || typeof argument !== 'string') return error;
  const flag = ownFlag(argument, hint.includes('Did you mean'));
  if (flag === undefined) return error;
  const own = `${flag.name} is a flag of ebpm, which stands before the package: ebpm run ${flag.name}${flag.takesValue ? ' VALUE' : ''} ${spec}`;
  return new EbpmError(code, message, { hint: `${own}\n${hint}`, ...(data && { data }), cause });
}

/** @param hasNearer whether the program has an option of a similar name */
function ownFlag(
  word: string,
  hasNearer: boolean,
): { readonly name: string; readonly takesValue: boolean } | undefined {
  const flags = Object.entries({ ...Run.baseFlags, ...Run.flags }).filter(([, { hidden }]) => hidden !== true);
  const names = flags.flatMap(([long, { char }]) => [`--${long}`, ...(char === undefined ? [] : [`-${char}`])]);
  const long = word.startsWith('--');
  // `-d5s` carries its value.
  const typed = long ? word : word.slice(0, 2);
  const name = names.includes(typed)
    ? typed
    : long && !hasNearer
      ? closest(
          typed,
          names.filter((one) => one.startsWith('--')),
        )
      : undefined;
  if (name === undefined) return undefined;
  const shape = flags.find(([one, { char }]) => name === `--${one}` || name === `-${char}`)?.[1];
  return { name, takesValue: shape?.type === 'option' };
}
