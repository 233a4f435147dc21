/**
 * Compiles a function from source that was put together from a type. In the source stand numbers and the names of `functions`, `constants`
 * (`c0`, `c1`, ...) and `parameters`, and nothing else: what comes from outside is passed beside it.
 */
export function generateFunction<Generated>(
  parameters: string,
  body: readonly string[],
  functions: Readonly<Record<string, unknown>>,
  constants: readonly unknown[],
): Generated {
  const source = [
    '"use strict";',
    `const {${Object.keys(functions).join(',')}}=w;`,
    `const [${constants.map((_, index) => `c${index}`).join(',')}]=c;`,
    `return function generated(${parameters}){`,
    ...body,
    '};',
  ].join('\n');
  return new Function('w', 'c', source)(functions, constants) as Generated;
}
