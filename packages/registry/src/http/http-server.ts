import { createServer, type RequestListener, type Server } from 'node:http';
import { createServer as createTlsServer } from 'node:https';
import { HTTP_LIMITS } from '../limits.js';
import type { TlsFiles } from './tls-files.js';

/** A server that cuts off who is too slow, sends too large headers or opens too many connections; with TLS where there is a certificate. */
export function createHttpServer(listener: RequestListener, tls: TlsFiles | undefined): Server {
  const limits = {
    maxHeaderSize: HTTP_LIMITS.headersSizeBytes,
    connectionsCheckingInterval: HTTP_LIMITS.connectionsCheckMs,
    noDelay: true,
  };
  const server =
    tls === undefined ? createServer(limits, listener) : createTlsServer({ ...limits, ...tls.read() }, listener);
  server.headersTimeout = HTTP_LIMITS.headersTimeoutMs;
  server.requestTimeout = HTTP_LIMITS.requestTimeoutMs;
  server.keepAliveTimeout = HTTP_LIMITS.keepAliveTimeoutMs;
  server.maxConnections = HTTP_LIMITS.connections;
  server.maxHeadersCount = HTTP_LIMITS.headers;
  if (tls !== undefined && 'setSecureContext' in server) tls.watch((pair) => server.setSecureContext(pair));
  return server;
}
