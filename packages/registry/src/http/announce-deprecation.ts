import type { FastifyInstance } from 'fastify';

/**
 * Tells who uses a route that is going away: `deprecation` (RFC 9745) since when, as `schema.deprecated` of the route has it, and a link
 * to what takes its place.
 */
export function announceDeprecation(app: FastifyInstance): void {
  app.addHook('onRoute', (route) => {
    const since = route.schema?.deprecated;
    if (since === undefined) return;
    const atS = Date.parse(`${since}T00:00:00Z`) / 1000;
    if (!Number.isInteger(atS)) throw new TypeError(`${route.url} is deprecated since "${since}", which is no day`);
    const hooks = [route.onSend ?? []].flat();
    route.onSend = [
      ...hooks,
      async (_request, reply) => {
        reply.headers({ deprecation: `@${atS}`, link: '</api/docs>; rel="deprecation"; type="text/html"' });
      },
    ];
  });
}
