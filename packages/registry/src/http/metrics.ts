import type { FastifyInstance } from 'fastify';
import { Counter, collectDefaultMetrics, Gauge, Histogram, Registry as Metrics } from 'prom-client';
import type { Registry } from '../registry.js';
import type { MemoryAnswers } from './memory-answers.js';

/** Seconds; what a registry answers from memory, from its index, and from a store far away. */
const BUCKETS_S = [0.001, 0.005, 0.02, 0.1, 0.5, 2, 10];

/** What the process counts of its requests, and shows under /metrics. */
export class HttpMetrics {
  readonly #metrics = new Metrics();
  readonly #requests: Counter<'route' | 'method' | 'status'>;
  readonly #durations: Histogram<'route'>;
  /** Plain numbers, by status: memory answers faster than a counter with labels counts. */
  readonly #fromMemory = { 200: 0, 304: 0 };

  constructor({ log, accountsLog }: Registry, memory: MemoryAnswers) {
    const registers = [this.#metrics];
    collectDefaultMetrics({ register: this.#metrics });
    this.#requests = new Counter({
      name: 'ebpm_http_requests_total',
      help: 'Requests that a route answered',
      labelNames: ['route', 'method', 'status'],
      registers,
    });
    this.#durations = new Histogram({
      name: 'ebpm_http_request_seconds',
      help: 'From the headers of a request until its answer was sent',
      labelNames: ['route'],
      buckets: BUCKETS_S,
      registers,
    });
    const memoryAnswers = this.#fromMemory;
    new Counter({
      name: 'ebpm_http_memory_answers_total',
      help: 'Requests that were answered from memory, before any route',
      labelNames: ['status'],
      registers,
      collect() {
        this.reset();
        for (const [status, count] of Object.entries(memoryAnswers)) this.inc({ status }, count);
      },
    });
    gauge(
      { registers, name: 'ebpm_memory_answers_bytes', help: 'Memory that kept answers take' },
      () => memory.sizeBytes,
    );
    for (const [name, one] of Object.entries({ log, accounts: accountsLog })) {
      gauge({ registers, name: `ebpm_${name}_seq`, help: `Last entry applied: ${name}` }, () => one.head().seq);
      gauge({ registers, name: `ebpm_${name}_writable`, help: `1: ${name} can be written` }, () => +one.health().ok);
    }
  }

  /** Counts an answer that memory gave. */
  sentFromMemory(status: 200 | 304): void {
    this.#fromMemory[status]++;
  }

  /** Counts every answer of a route, and shows what was counted under /metrics. */
  addTo(app: FastifyInstance): void {
    app.addHook('onResponse', async ({ method, routeOptions: { url: route = 'none' } }, reply) => {
      this.#requests.inc({ route, method, status: reply.statusCode });
      this.#durations.observe({ route }, reply.elapsedTime / 1000);
    });
    const schema = { summary: 'Counts for Prometheus', operationId: 'getMetrics', produces: ['text/plain'] };
    app.get('/metrics', { schema }, async (_request, reply) => {
      reply.header('cache-control', 'no-store').type(this.#metrics.contentType);
      return this.#metrics.metrics();
    });
    app.addHook('onClose', async () => this.#metrics.clear());
  }
}

interface GaugeOptions {
  readonly registers: Metrics[];
  readonly name: string;
  readonly help: string;
}

function gauge(options: GaugeOptions, read: () => number): void {
  new Gauge({
    ...options,
    collect() {
      this.set(read());
    },
  });
}
