import fc from 'fast-check';
import type { OpenApiDocument, Operation, Parameter } from '../../src/http/openapi.js';

/** A request that somebody hostile, or just careless, might send. */
export interface HostileRequest {
  readonly method: string;
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly payload: Buffer | undefined;
}

/** What exists in the registry that is asked, so that some requests get far. */
export interface KnownValues {
  /** By the name of a parameter. */
  readonly values: Readonly<Record<string, readonly string[]>>;
  readonly tokens: readonly string[];
  readonly bodies: readonly Buffer[];
}

/** Requests to every operation of an OpenAPI document: with parts that fit, that nearly fit, and that are anything. */
export function requestArbitrary(document: OpenApiDocument, known: KnownValues): fc.Arbitrary<HostileRequest> {
  const operations = Object.entries(document.paths).flatMap(([path, methods]) =>
    Object.entries(methods).map(([method, operation]) => ({ path, method, operation })),
  );
  return fc.oneof(
    ...operations.map(({ path, method, operation }) =>
      operationArbitrary({ path, method, operation }, document, known),
    ),
  );
}

interface Target {
  readonly path: string;
  readonly method: string;
  readonly operation: Operation;
}

function operationArbitrary({ path, method, operation }: Target, document: OpenApiDocument, known: KnownValues) {
  const of = (place: Parameter['in']) => operation.parameters.filter((parameter) => parameter.in === place);
  const valuesOf = (place: Parameter['in']) =>
    fc.record(
      Object.fromEntries(of(place).map((parameter) => [parameter.name, valueArbitrary(parameter, known)])),
      place === 'path' ? {} : { requiredKeys: [] },
    );
  return fc
    .record({
      method: fc.oneof(
        { weight: 9, arbitrary: fc.constant(method.toUpperCase()) },
        { weight: 1, arbitrary: fc.constantFrom('GET', 'HEAD', 'PUT', 'POST', 'DELETE', 'OPTIONS', 'PATCH') },
      ),
      inPath: valuesOf('path'),
      inQuery: valuesOf('query'),
      inHeaders: valuesOf('header'),
      extraQuery: fc.option(fc.string({ maxLength: 40, unit: 'binary' }), { freq: 4 }),
      authorization: authorizationArbitrary(known),
      headers: extraHeaders(),
      isEncoded: fc.boolean(),
      body: fc.option(bodyArbitrary(operation, document, known), { freq: 3 }),
    })
    .map(({ method: verb, inPath, inQuery, inHeaders, extraQuery, authorization, headers, isEncoded, body }) => {
      const encode = isEncoded ? encodeAll : encodeSome;
      const filled = path.replace(/\{(\w+)\}/g, (_all, name) =>
        encode(String((inPath as Record<string, string>)[name])),
      );
      const query = Object.entries(inQuery).map(([name, value]) => `${name}=${encode(String(value))}`);
      if (extraQuery !== null) query.push(encodeSome(extraQuery));
      return {
        method: verb,
        url: query.length === 0 ? filled : `${filled}?${query.join('&')}`,
        headers: Object.fromEntries(
          Object.entries({
            ...headers,
            ...inHeaders,
            ...body?.headers,
            ...(authorization !== undefined && { authorization }),
          }).map(([name, value]) => [name, headerText(String(value))]),
        ),
        payload: body?.payload,
      };
    });
}

function valueArbitrary({ name, schema }: Parameter, { values }: KnownValues): fc.Arbitrary<string> {
  const exists = values[name] ?? [];
  // What fits a position and is ahead of the log is waited for, 5 s each time.
  const {
    pattern,
    type,
    enum: choices,
  } = (['ebpm-min-seq', 'after'].includes(name) ? {} : schema) as {
    pattern?: string;
    type?: string;
    enum?: readonly unknown[];
  };
  const nasty = fc.constantFrom(
    '',
    '..',
    '../..',
    '%00',
    '\0',
    '%2e%2e%2f',
    '-1',
    '1e9',
    'null',
    '[]',
    '__proto__',
    'constructor',
    "' OR 1=1 --",
    '\ud800',
    '*',
    '"',
    'a'.repeat(5_000),
  );
  return fc.oneof(
    { weight: exists.length > 0 ? 4 : 0, arbitrary: fc.constantFrom(...(exists.length > 0 ? exists : [''])) },
    {
      weight: pattern === undefined ? 0 : 3,
      arbitrary: pattern === undefined ? fc.constant('') : fc.stringMatching(new RegExp(pattern)),
    },
    { weight: choices === undefined ? 0 : 2, arbitrary: fc.constantFrom(...(choices ?? ['']).map(String)) },
    { weight: type === 'integer' ? 3 : 0, arbitrary: fc.integer({ min: -5, max: 2_000_000 }).map(String) },
    { weight: 2, arbitrary: nasty },
    { weight: 2, arbitrary: fc.string({ maxLength: 60, unit: 'binary' }) },
  );
}

function authorizationArbitrary({ tokens }: KnownValues): fc.Arbitrary<string | undefined> {
  return fc.oneof(
    { weight: 3, arbitrary: fc.constant(undefined) },
    { weight: 4, arbitrary: fc.constantFrom(...tokens.map((token) => `Bearer ${token}`)) },
    { weight: 1, arbitrary: fc.string({ maxLength: 100 }) },
    { weight: 1, arbitrary: fc.string({ maxLength: 60 }).map((text) => `Bearer ebpm_${text}`) },
  );
}

function extraHeaders(): fc.Arbitrary<Record<string, string | undefined>> {
  const anything = fc.string({ maxLength: 60 });
  return fc.record(
    {
      'accept-encoding': fc.oneof(fc.constantFrom('br', 'gzip;q=0', '*'), anything),
      'if-none-match': fc.oneof(fc.constant('*'), anything),
      range: fc.oneof(fc.constantFrom('bytes=0-', 'bytes=-1', 'bytes=9-1', 'bytes=99999999-'), anything),
      'if-range': anything,
      'x-forwarded-for': anything,
      'ebpm-min-seq': fc.constantFrom('0', '1', '1-00000000', 'x', '1,1', '1-ffffffff,1'),
      accept: anything,
      cookie: anything,
    },
    { requiredKeys: [] },
  );
}

interface Body {
  readonly headers: Readonly<Record<string, string>>;
  readonly payload: Buffer;
}

function bodyArbitrary(
  { requestBody }: Operation,
  { components }: OpenApiDocument,
  { bodies }: KnownValues,
): fc.Arbitrary<Body> {
  const [type = 'application/json', { schema = {} } = {}] = Object.entries(requestBody?.content ?? {})[0] ?? [];
  const name = /[^/]+$/.exec(String((schema as { $ref?: string }).$ref ?? ''))?.[0] ?? '';
  const keys = Object.keys((components.schemas[name]?.['properties'] ?? {}) as object);
  const object = fc.record(
    Object.fromEntries(keys.map((key) => [key, fc.oneof(fc.jsonValue({ maxDepth: 2 }), fc.string())])),
    { requiredKeys: [] },
  );
  const json = fc.oneof(object, fc.jsonValue()).map((value) => Buffer.from(JSON.stringify(value) ?? ''));
  const bytes = fc.uint8Array({ maxLength: 3_000 }).map((content) => Buffer.from(content));
  const sound = fc.constantFrom(...bodies);
  const cut = fc.tuple(sound, fc.nat(4_000), fc.nat(255)).map(([body, at, value]) => {
    const changed = Buffer.from(body);
    if (changed.length > 0) changed[at % changed.length] = value;
    return changed;
  });
  return fc
    .record({
      type: fc.oneof(
        { weight: 6, arbitrary: fc.constant(type) },
        {
          weight: 1,
          arbitrary: fc.constantFrom('text/plain', '', 'application/json; charset=utf-16', 'multipart/form-data'),
        },
      ),
      payload: type === 'application/json' ? fc.oneof(json, json, bytes) : fc.oneof(sound, cut, bytes),
    })
    .map(({ type: contentType, payload }) => ({
      headers: contentType === '' ? {} : { 'content-type': contentType },
      payload,
    }));
}

/** Half a surrogate pair has no UTF-8. */
function encodeAll(value: string): string {
  return encodeURIComponent(Buffer.from(value).toString());
}

/** What a client may leave as it is in a URL, it leaves. */
function encodeSome(value: string): string {
  return value.replace(/[^!-~]|[#?\\ ]/g, (character) =>
    [...Buffer.from(character)].map((byte) => `%${byte.toString(16).padStart(2, '0')}`).join(''),
  );
}

/** RFC 9110 section 5.5: what a field's value can have at all. */
function headerText(value: string): string {
  return value.replace(/[^\t -~\x80-\xff]/g, '').trim();
}
