import type { AddressInfo } from 'node:net';
import { EbpmError } from '@ebpm/formats';
import type { FastifyInstance } from 'fastify';
import { buildApp } from '../app.js';
import { HTTP_LIMITS } from '../limits.js';
import { openRegistry } from '../open-registry.js';
import type { Command, CommandInput } from './command.js';
import { STORE_FLAGS, withStore } from './store-flags.js';
import { usageError } from './usage-error.js';

/** No service is registered for it at IANA, and none of the servers that people run beside it takes it by default. */
const DEFAULT_PORT = '8420';

const LOG_LEVELS = ['debug', 'info', 'warn', 'error', 'silent'];

/** `ebpm-registry`: the server itself. */
export const serve: Command = {
  name: '',
  positionals: [],
  summary: 'start the registry; an empty store becomes a new one',
  flags: {
    ...STORE_FLAGS,
    host: { value: 'ADDRESS', description: 'the address to listen on (default: 127.0.0.1)' },
    port: { value: 'PORT', description: `the port to listen on, 0 for any free one (default: ${DEFAULT_PORT})` },
    data: {
      value: 'DIR',
      description: 'keeps the index between starts, for one process alone (default: a temporary file)',
    },
    'log-level': { value: 'LEVEL', description: `${LOG_LEVELS.join(', ')}; goes to stderr as JSON (default: info)` },
    json: { description: 'print where it listens as JSON' },
  },
  async run(input, context) {
    const address = addressOf(input);
    const level = levelOf(input);
    await withStore(input, context, async (options) => {
      const { data } = input.flags;
      const registry = await openRegistry({ ...options, ...(typeof data === 'string' && { data }) });
      try {
        const app = buildApp({ registry, logger: { level, stream: context.logStream } });
        const url = await listen(app, address);
        context.print(input.flags['json'] === true ? JSON.stringify({ listening: url }) : `listening on ${url}`);
        await aborted(context.signal);
        await closeInTime(app);
      } finally {
        await registry.close();
      }
    });
  },
};

interface Address {
  readonly host: string;
  readonly port: number;
}

function addressOf({ flags }: CommandInput): Address {
  const { host = '127.0.0.1', port = DEFAULT_PORT } = flags;
  if (!/^\d{1,5}$/.test(String(port)) || Number(port) > 65_535)
    throw usageError(`"${port}" is no port`, 'try --port 8420');
  return { host: String(host), port: Number(port) };
}

function levelOf({ flags }: CommandInput): string {
  const { 'log-level': level = 'info' } = flags;
  if (!LOG_LEVELS.includes(String(level)))
    throw usageError(`"${level}" is no log level`, `try one of ${LOG_LEVELS.join(', ')}`);
  return String(level);
}

async function listen(app: FastifyInstance, { host, port }: Address): Promise<string> {
  try {
    await app.listen({ host, port });
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message : String(cause);
    throw new EbpmError('EBPM_REGISTRY_ADDRESS', `Cannot listen on port ${port} of "${host}": ${reason}`, {
      cause,
      hint: 'choose another port: --port 0 takes any free one',
    });
  }
  return urlOf(app.server.address());
}

function urlOf(address: AddressInfo | string | null): string {
  if (address === null || typeof address === 'string') throw new TypeError('the server listens on no TCP port');
  return `http://${address.family === 'IPv6' ? `[${address.address}]` : address.address}:${address.port}`;
}

function aborted(signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    if (signal.aborted) resolve();
    else signal.addEventListener('abort', () => resolve(), { once: true });
  });
}

/** Takes no more connections and finishes the requests under way; those that are too slow are cut off. */
async function closeInTime(app: FastifyInstance): Promise<void> {
  const deadline = setTimeout(() => app.server.closeAllConnections(), HTTP_LIMITS.closeTimeoutMs);
  try {
    await app.close();
  } finally {
    clearTimeout(deadline);
  }
}
