import { apiErrorSchema, type JsonSchema } from '@ebpm/schemas';
import type { FastifyInstance, RouteOptions } from 'fastify';

declare module 'fastify' {
  interface FastifySchema {
    /** What the route does, in a few words. */
    readonly summary?: string;
    /** What programs that are made from the document call it: a verb and what it is about. */
    readonly operationId?: string;
    /** The content types of body and answer, where they are not JSON. */
    readonly consumes?: readonly string[];
    readonly produces?: readonly string[];
    /** From which day on the route may go away (RFC 9745), as `YYYY-MM-DD`. */
    readonly deprecated?: string;
  }
}

/** An OpenAPI 3.1 document, https://spec.openapis.org/oas/v3.1.0 */
export interface OpenApiDocument {
  readonly openapi: '3.1.0';
  readonly info: { readonly title: string; readonly version: string; readonly description: string };
  readonly paths: Readonly<Record<string, Readonly<Record<string, Operation>>>>;
  readonly components: {
    readonly schemas: Readonly<Record<string, JsonSchema>>;
    readonly securitySchemes: Readonly<Record<string, unknown>>;
  };
}

/** What one method of one path does. */
export interface Operation {
  readonly operationId: string;
  readonly summary: string;
  readonly parameters: readonly Parameter[];
  readonly requestBody?: { readonly required: true; readonly content: Content };
  readonly responses: Readonly<Record<string, { readonly description: string; readonly content?: Content }>>;
  readonly security: readonly Readonly<Record<string, readonly string[]>>[];
  readonly deprecated?: true;
}

/** A part of a path, a query or a header. */
export interface Parameter {
  readonly name: string;
  readonly in: 'path' | 'query' | 'header';
  readonly required: boolean;
  readonly description?: string;
  readonly schema: JsonSchema;
}

type Content = Readonly<Record<string, { readonly schema: JsonSchema }>>;

/** A hook that lets in only requests with a token says so. */
export interface TokenHook {
  readonly needsToken: true;
}

/** Watches the routes that are added from now on, and describes them: the schemas are those that requests are checked with. */
export function watchRoutes(app: FastifyInstance): () => OpenApiDocument {
  const routes: RouteOptions[] = [];
  app.addHook('onRoute', (route) => {
    if (route.method !== 'HEAD') routes.push(route);
  });
  return () => {
    const schemas: Record<string, JsonSchema> = {};
    const paths: Record<string, Record<string, Operation>> = {};
    for (const route of routes) {
      const path = route.url.replace(/:(\w+)/g, '{$1}');
      paths[path] ??= {};
      for (const method of [route.method].flat()) paths[path][method.toLowerCase()] = operation(route, schemas);
    }
    return {
      openapi: '3.1.0',
      info: {
        title: 'ebpm registry',
        version: '1',
        description:
          'Packages of eBPF programs. Errors are {code, message, data?}; docs/errors.md says what each code means.',
      },
      paths,
      components: { schemas, securitySchemes: { token: { type: 'http', scheme: 'bearer' } } },
    };
  };
}

function operation(
  { url, method, schema = {}, onRequest }: RouteOptions,
  schemas: Record<string, JsonSchema>,
): Operation {
  const needsToken = [onRequest].flat().some((hook) => hook !== undefined && 'needsToken' in hook);
  const responses = Object.entries((schema.response ?? {}) as Record<string, JsonSchema>);
  const { summary, operationId, consumes, body, produces, deprecated } = schema;
  if (summary === undefined || operationId === undefined) {
    throw new TypeError(`the route ${method} ${url} has no summary, or no operationId`);
  }
  return {
    operationId,
    summary,
    parameters: [
      ...parameters('path', schema.params),
      ...parameters('query', schema.querystring),
      ...parameters('header', schema.headers),
    ],
    ...((consumes ?? body) !== undefined && {
      requestBody: { required: true, content: contentOf(consumes, body as JsonSchema | undefined, schemas) },
    }),
    responses: {
      ...(responses.length === 0 && unsaid(method, produces, schemas)),
      ...Object.fromEntries(
        responses.map(([status, answer]) => [
          status,
          { description: String(answer['description'] ?? 'Done'), content: contentOf(produces, answer, schemas) },
        ]),
      ),
      default: { description: 'Why not', content: contentOf(undefined, apiErrorSchema, schemas) },
    },
    security: needsToken ? [{ token: [] }] : [{}, { token: [] }],
    ...(deprecated !== undefined && { deprecated: true }),
  };
}

/** The answer of a route that has no schema for it: a change answers with nothing. */
function unsaid(
  method: RouteOptions['method'],
  produces: readonly string[] | undefined,
  schemas: Record<string, JsonSchema>,
): Operation['responses'] {
  if (method !== 'GET') return { 204: { description: 'Done' } };
  return { 200: { description: 'What was asked for', content: contentOf(produces, undefined, schemas) } };
}

function parameters(place: Parameter['in'], schema: unknown): Parameter[] {
  const { properties = {}, required = [] } = (schema ?? {}) as {
    readonly properties?: Readonly<Record<string, JsonSchema>>;
    readonly required?: readonly string[];
  };
  return Object.entries(properties).map(([name, { description, ...rest }]) => ({
    name,
    in: place,
    required: place === 'path' || required.includes(name),
    ...(typeof description === 'string' && { description }),
    schema: rest,
  }));
}

function contentOf(
  types: readonly string[] | undefined,
  schema: JsonSchema | undefined,
  schemas: Record<string, JsonSchema>,
): Content {
  const reference = schema === undefined ? { type: 'string', format: 'binary' } : referenceTo(schema, schemas);
  return Object.fromEntries((types ?? ['application/json']).map((type) => [type, { schema: reference }]));
}

/** A schema with a title stands once, under that name. */
function referenceTo(schema: JsonSchema, schemas: Record<string, JsonSchema>): JsonSchema {
  const { title, $schema: _dialect, ...rest } = schema;
  if (typeof title !== 'string') return rest;
  schemas[title] = { title, ...rest };
  return { $ref: `#/components/schemas/${title}` };
}
