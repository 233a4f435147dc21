import type { JsonSchema } from './json-schema.js';
import type { Violation } from './kind.js';

/** One thing that is wrong with a value. */
export interface Problem {
  /** Where, as JavaScript would write it: `authors[1]`, `dependencies["@acme/x"]`; empty for the whole value. */
  readonly path: string;
  /** What is wanted there, to be read after the path: `must be a string`. */
  readonly message: string;
}

/** Turns what ajv reports into words. Names come from the value and are quoted as JSON, so they hold no control character. */
export function problemOf(schema: JsonSchema, violation: Violation): Problem {
  return { path: pathOf(violation.instancePath), message: messageOf(schema, violation) };
}

function pathOf(pointer: string): string {
  return segmentsOf(pointer).reduce((path, segment) => {
    if (/^(0|[1-9]\d*)$/.test(segment)) return `${path}[${segment}]`;
    if (/^[A-Za-z_$][\w$]*$/.test(segment)) return path === '' ? segment : `${path}.${segment}`;
    return `${path}[${JSON.stringify(segment)}]`;
  }, '');
}

function messageOf(schema: JsonSchema, { keyword, params, schemaPath }: Violation): string {
  const limit = params['limit'];
  switch (keyword) {
    case 'type':
      return `must be ${typeWords(params['type'])}`;
    case 'required':
      return `must have the key ${JSON.stringify(params['missingProperty'])}`;
    case 'additionalProperties':
      return `has the unknown key ${JSON.stringify(params['additionalProperty'])}`;
    case 'propertyNames':
      return `has the key ${JSON.stringify(params['propertyName'])}, which is not allowed there`;
    case 'const':
      return `must be ${JSON.stringify(params['allowedValue'])}`;
    case 'enum':
      return `must be one of ${listed(params['allowedValues'])}`;
    case 'pattern':
      return patternWords(schema, schemaPath, params['pattern']);
    case 'format':
      return `must be a ${params['format']}`;
    case 'minimum':
    case 'maximum':
      return `must be ${params['comparison']} ${limit}`;
    case 'minLength':
      return `must have at least ${limit} character(s)`;
    case 'maxLength':
      return `must have at most ${limit} characters`;
    case 'minItems':
    case 'minProperties':
      return `must have at least ${limit} element(s)`;
    case 'maxItems':
    case 'maxProperties':
      return `must have at most ${limit} elements`;
    case 'uniqueItems':
      return `must not repeat an element: ${params['j']} and ${params['i']} are equal`;
    default:
      return `breaks the rule "${keyword}" of the schema`;
  }
}

const TYPE_WORDS: Readonly<Record<string, string>> = {
  array: 'a list',
  boolean: 'true or false',
  integer: 'a whole number',
  null: 'null',
  number: 'a number',
  object: 'an object',
  string: 'a string',
};

function typeWords(type: unknown): string {
  const types = Array.isArray(type) ? type : [type];
  return types.map((name) => TYPE_WORDS[String(name)] ?? String(name)).join(' or ');
}

function listed(values: unknown): string {
  return (Array.isArray(values) ? values : [values]).map((value) => JSON.stringify(value)).join(', ');
}

/** A regular expression says little to most people: the schema's examples beside it say more. */
function patternWords(schema: JsonSchema, schemaPath: string, pattern: unknown): string {
  const parent = schemaAt(schema, segmentsOf(schemaPath.slice(schemaPath.indexOf('#') + 1)).slice(0, -1));
  const examples = parent?.['examples'];
  if (!Array.isArray(examples)) return `must match ${pattern}`;
  return `must look like ${examples.map((example) => JSON.stringify(example)).join(' or ')}`;
}

function schemaAt(schema: JsonSchema, segments: readonly string[]): JsonSchema | undefined {
  let at: unknown = schema;
  for (const segment of segments) {
    if (typeof at !== 'object' || at === null || !Object.hasOwn(at, segment)) return undefined;
    at = (at as JsonSchema)[segment];
  }
  return typeof at === 'object' && at !== null ? (at as JsonSchema) : undefined;
}

/** RFC 6901 section 4: `~1` stands for `/`, `~0` for `~`. In a URI fragment other characters may be percent-encoded. */
function segmentsOf(pointer: string): readonly string[] {
  return pointer
    .split('/')
    .slice(1)
    .map((segment) => segment.replaceAll('~1', '/').replaceAll('~0', '~'));
}
