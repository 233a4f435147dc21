import { Validator } from '@seriousme/openapi-schema-validator';
import { fastify } from 'fastify';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { announceDeprecation } from '../../src/http/announce-deprecation.js';
import type { OpenApiDocument } from '../../src/http/openapi.js';
import { RegistryWorld, type Replica } from '../registry-world.js';

let world: RegistryWorld;
let replica: Replica;
let document: OpenApiDocument;
beforeAll(async () => {
  world = new RegistryWorld();
  replica = await world.replica();
  document = (await replica.app.inject('/api/v1/openapi.json')).json();
});
afterAll(() => world.close());

describe('GET /api/v1/openapi.json', () => {
  it('is an OpenAPI document, as an independent validator sees it', async () => {
    const result = await new Validator().validate(structuredClone(document) as unknown as Record<string, unknown>);
    expect(result).toMatchObject({ valid: true });
  });

  it('has every route of the server', () => {
    const routes = replica.app.printRoutes({ commonPrefix: false }).match(/\b(GET|PUT|POST|DELETE|PATCH)\b/g);
    const operations = Object.values(document.paths).flatMap((methods) => Object.keys(methods));
    expect(operations).toHaveLength(routes?.length ?? 0);
  });

  it('says of every route what it does, and gives it a name of its own', () => {
    const operations = Object.values(document.paths).flatMap((methods) => Object.values(methods));
    const names = operations.map(({ operationId }) => operationId);
    expect(new Set(names).size).toBe(names.length);
    for (const { operationId, summary } of operations) {
      expect(operationId).toMatch(/^[a-z]+([A-Z][a-z]+)*$/);
      expect(summary).toMatch(/^[A-Z].{8,90}[^.]$/);
    }
    expect(document.paths['/api/v1/account/password']?.['put']?.responses['204']).toEqual({ description: 'Done' });
  });

  it('says what a route takes and gives, with the schemas that requests are checked with', () => {
    const publish = document.paths['/api/v1/packages/{name}/versions/{version}']?.['put'];
    const parameters = publish?.parameters.map(({ name, in: place, required }) => `${place} ${name} ${required}`);
    expect(parameters).toEqual(
      expect.arrayContaining(['path name true', 'path version true', 'query tag false', 'header ebpm-digest true']),
    );
    expect(publish?.security).toEqual([{ token: [] }]);
    expect(Object.keys(publish?.requestBody?.content ?? {})).toEqual(['application/x-tar']);
    expect(publish?.responses['201']?.content).toEqual({
      'application/json': { schema: { $ref: '#/components/schemas/ApiPublishResult' } },
    });
    expect(document.components.schemas['ApiError']).toMatchObject({ required: ['code', 'message'] });
  });
});

describe('GET /api/docs', () => {
  it('is a page without scripts that names every path', async () => {
    const { body, headers } = await replica.app.inject('/api/docs');
    for (const path of Object.keys(document.paths)) expect(body).toContain(path);
    expect(headers['content-type']).toBe('text/html; charset=utf-8');
    expect(headers['content-security-policy']).toMatch(/^default-src 'none'/);
    expect(body).not.toContain('<script');
  });
});

describe('announceDeprecation()', () => {
  it('says on every answer of a deprecated route since when it is', async () => {
    const app = fastify();
    announceDeprecation(app);
    app.get('/old', { schema: { deprecated: '2026-11-26' } }, async () => 'x');
    app.get('/new', async () => 'x');
    expect((await app.inject('/old')).headers).toMatchObject({
      deprecation: '@1795651200',
      link: expect.stringContaining('rel="deprecation"'),
    });
    expect((await app.inject('/new')).headers).not.toHaveProperty('deprecation');
    const other = fastify();
    announceDeprecation(other);
    expect(() => other.get('/odd', { schema: { deprecated: 'soon' } }, async () => 'x')).toThrow(TypeError);
  });
});
