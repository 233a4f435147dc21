import type { IncomingMessage, ServerResponse } from 'node:http';
import { type FastifyInstance, type FastifyServerOptions, fastify, LogController } from 'fastify';
import { AccessLog } from './http/access-log.js';
import { addressList, clientAddress } from './http/address-list.js';
import { announceDeprecation } from './http/announce-deprecation.js';
import { answer, answerErrors } from './http/answer-errors.js';
import { ArchiveMemory } from './http/archive-memory.js';
import { answerBrokenRequest } from './http/broken-request.js';
import { ByteBudget } from './http/byte-budget.js';
import { compileValidator } from './http/compile-validator.js';
import { endConnectionsOnClose } from './http/end-connections.js';
import { finishAnswers } from './http/finish-answers.js';
import { createHttpServer } from './http/http-server.js';
import { DEFAULT_HTTP_SETTINGS, type HttpSettings } from './http/http-settings.js';
import { readBodies } from './http/json-body.js';
import { limitBodies } from './http/limit-bodies.js';
import { limitRates } from './http/limit-rates.js';
import type { LineSink } from './http/line-buffer.js';
import { logRequests } from './http/log-requests.js';
import { MemoryAnswers } from './http/memory-answers.js';
import { HttpMetrics } from './http/metrics.js';
import { watchRoutes } from './http/openapi.js';
import { requestIds } from './http/request-ids.js';
import { tlsFiles } from './http/tls-files.js';
import { UploadMemory } from './http/upload-memory.js';
import { UploadTurns } from './http/upload-turns.js';
import { HTTP_LIMITS } from './limits.js';
import { CheckPool } from './publish/check-pool.js';
import type { Registry } from './registry.js';
import { blobRoutes } from './routes/blobs.js';
import { changeRoutes } from './routes/changes.js';
import { docsRoutes } from './routes/docs.js';
import { downloadRoutes } from './routes/downloads.js';
import { healthRoutes } from './routes/health.js';
import { keyRoutes } from './routes/keys.js';
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
import { webhookRoutes } from './routes/webhooks.js';
import { whoamiRoutes } from './routes/whoami.js';

/** What the HTTP server is made from. */
export interface AppOptions {
  readonly registry: Registry;
  /** What is configured of it; without a word, as `ebpm-registry` runs by default. */
  readonly settings?: Partial<HttpSettings>;
  /** Where failures are logged; by default nowhere. Authorization headers are never logged. */
  readonly logger?: FastifyServerOptions['logger'];
  /** Where every request is logged, if the settings want it. */
  readonly accessLog?: LineSink;
}

const ROUTES = [
  healthRoutes,
  logRoutes,
  whoamiRoutes,
  packageRoutes,
  downloadRoutes,
  blobRoutes,
  searchRoutes,
  changeRoutes,
  webhookRoutes,
  publishRoutes,
  packageChangeRoutes,
  packagePolicyRoutes,
  loginRoutes,
  tokenRoutes,
  organisationRoutes,
  keyRoutes,
  oidcRoutes,
];

/** The registry's HTTP API, not yet listening. Closing it does not close the registry. */
export function buildApp({ registry, logger = false, accessLog, ...options }: AppOptions): FastifyInstance {
  const settings: HttpSettings = { ...DEFAULT_HTTP_SETTINGS, ...options.settings };
  const { clock } = registry;
  // Half for answers, half for archives.
  const maxSizeBytes = settings.memoryMib * 512 * 1024;
  const memory = new MemoryAnswers({ logs: registry, clock, maxSizeBytes });
  const archives = new ArchiveMemory((digest) => registry.blobs.get(digest), maxSizeBytes);
  const budget = new ByteBudget(HTTP_LIMITS.bodiesSizeBytes);
  const checks = new CheckPool();
  const uploads = new UploadMemory(clock);
  const metrics = settings.metrics ? new HttpMetrics(registry, memory) : undefined;
  const log = settings.accessLog && accessLog ? new AccessLog(accessLog, () => clock.nowMs()) : undefined;
  const tls = tlsFiles(settings);
  const trusted = addressList('trustProxy', settings.trustProxy);
  const nextId = requestIds();

  /** What memory has is sent before fastify sees the request: its hooks and its reply take longer than the answer. */
  function sentFromMemory(request: IncomingMessage, response: ServerResponse): boolean {
    const startedMs = log === undefined ? 0 : clock.elapsedMs();
    const id = nextId();
    const outcome = memory.answer(request, response, id);
    if (outcome === undefined) return false;
    metrics?.sentFromMemory(outcome.status);
    if (log !== undefined) {
      const address = clientAddress(request, trusted);
      log.write({ id, address, request, ...outcome, durationMs: clock.elapsedMs() - startedMs });
    }
    return true;
  }

  const app = fastify({
    logger,
    // The access log has a line for a request, not two.
    logController: new LogController({ disableRequestLogging: true }),
    bodyLimit: HTTP_LIMITS.packageSizeBytes,
    routerOptions: { maxParamLength: HTTP_LIMITS.pathPartLength },
    serverFactory(handler) {
      const listener = (request: IncomingMessage, response: ServerResponse) => {
        if (!sentFromMemory(request, response)) handler(request, response);
      };
      return createHttpServer(listener, tls);
    },
    trustProxy: settings.trustProxy.length > 0 && trusted.has,
    // A client's own id would let it write into the server's log; every answer carries ours.
    requestIdHeader: false,
    genReqId: nextId,
    forceCloseConnections: 'idle',
    // What arrives while the server closes is still answered, on connections that then end.
    return503OnClosing: false,
    frameworkErrors: answer,
    clientErrorHandler: answerBrokenRequest,
  });
  app.addHook('onRequest', async (request, reply) => {
    reply.headers({ 'ebpm-request-id': request.id, 'x-content-type-options': 'nosniff' });
  });
  app.addHook('onClose', async () => {
    tls?.close();
    await checks.close();
    uploads.close();
  });
  const context: RouteContext = {
    registry,
    tokens: new WeakMap(),
    refusals: new WeakMap(),
    archives,
    budget,
    checks,
    uploads,
    blobLocation: settings.blobRedirect ? registry.blobs.location : undefined,
  };
  app.setValidatorCompiler(compileValidator);
  endConnectionsOnClose(app);
  answerErrors(app);
  readBodies(app, { memory: uploads, turns: new UploadTurns(clock) });
  limitRates(app, { settings, tokens: context.tokens, clock });
  limitBodies(app, budget);
  finishAnswers(app, registry, memory);
  if (log !== undefined) logRequests(app, log, context.tokens);
  announceDeprecation(app);
  const describe = watchRoutes(app);
  metrics?.addTo(app);
  for (const addRoutes of ROUTES) addRoutes(app, context);
  docsRoutes(app, describe);
  return app;
}
