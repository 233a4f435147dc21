import { randomUUID } from 'node:crypto';
import { type FastifyInstance, type FastifyServerOptions, fastify } from 'fastify';
import { answer, answerErrors } from './http/answer-errors.js';
import { answerBrokenRequest } from './http/broken-request.js';
import { compileValidator } from './http/compile-validator.js';
import { endConnectionsOnClose } from './http/end-connections.js';
import { readBodies } from './http/json-body.js';
import { HTTP_LIMITS } from './limits.js';
import type { Registry } from './registry.js';
import { blobRoutes } from './routes/blobs.js';
import { healthRoutes } from './routes/health.js';
import { logRoutes } from './routes/log.js';
import { loginRoutes } from './routes/login.js';
import { oidcRoutes } from './routes/oidc.js';
import { organisationRoutes } from './routes/organisations.js';
import { packageChangeRoutes } from './routes/package-changes.js';
import { packagePolicyRoutes } from './routes/package-policies.js';
import { packageRoutes } from './routes/packages.js';
import { publishRoutes } from './routes/publish.js';
import type { RouteContext } from './routes/route-context.js';
import { searchRoutes } from './routes/search.js';
import { tokenRoutes } from './routes/tokens.js';
import { whoamiRoutes } from './routes/whoami.js';

/** What the HTTP server is made from. */
export interface AppOptions {
  readonly registry: Registry;
  /** Where the requests are logged; by default nowhere. Authorization headers are never logged. */
  readonly logger?: FastifyServerOptions['logger'];
}

const ROUTES = [
  healthRoutes,
  logRoutes,
  whoamiRoutes,
  packageRoutes,
  blobRoutes,
  searchRoutes,
  publishRoutes,
  packageChangeRoutes,
  packagePolicyRoutes,
  loginRoutes,
  tokenRoutes,
  organisationRoutes,
  oidcRoutes,
];

/** The registry's HTTP API, not yet listening. Closing it does not close the registry. */
export function buildApp({ registry, logger = false }: AppOptions): FastifyInstance {
  const app = fastify({
    logger,
    bodyLimit: HTTP_LIMITS.packageSizeBytes,
    requestTimeout: HTTP_LIMITS.requestTimeoutMs,
    keepAliveTimeout: HTTP_LIMITS.keepAliveTimeoutMs,
    http: { headersTimeout: HTTP_LIMITS.headersTimeoutMs, maxHeaderSize: HTTP_LIMITS.headersSizeBytes },
    routerOptions: { maxParamLength: HTTP_LIMITS.pathPartLength },
    // A client's own id would let it write into the server's log; every answer carries ours.
    requestIdHeader: false,
    genReqId: () => randomUUID(),
    forceCloseConnections: 'idle',
    // What arrives while the server closes is still answered, on connections that then end.
    return503OnClosing: false,
    frameworkErrors: answer,
    clientErrorHandler: answerBrokenRequest,
  });
  app.server.maxConnections = HTTP_LIMITS.connections;
  app.addHook('onRequest', async (request, reply) => {
    reply.headers({ 'ebpm-request-id': request.id, 'x-content-type-options': 'nosniff' });
  });
  app.setValidatorCompiler(compileValidator);
  endConnectionsOnClose(app);
  answerErrors(app);
  readBodies(app);
  const context: RouteContext = { registry, tokens: new WeakMap(), refusals: new WeakMap() };
  for (const addRoutes of ROUTES) addRoutes(app, context);
  return app;
}
