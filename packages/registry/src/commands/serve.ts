import type { AddressInfo } from 'node:net';
import { EbpmError } from '@ebpm/formats';
import type { FastifyInstance } from 'fastify';
import { buildApp } from '../app.js';
import { systemClock } from '../clock.js';
import { settingFlags } from '../config/setting-flags.js';
import type { Settings } from '../config/settings.js';
import { upstreamSettings } from '../config/upstream-settings.js';
import { HTTP_LIMITS } from '../limits.js';
import { type OpenRegistryOptions, openRegistry } from '../open-registry.js';
import { Outbound } from '../outbound.js';
import { isErrno } from '../stores/local-error.js';
import { registryVersion } from '../version.js';
import type { Command } from './command.js';
import type { CommandContext } from './command-context.js';
import { withStore } from './store-flags.js';

/** `ebpm-registry`: the server itself. */
export const serve: Command = {
  name: '',
  positionals: [],
  summary: 'start the registry; an empty store becomes a new one',
  flags: { ...settingFlags(), json: { description: 'print where it listens as JSON' } },
  async run(input, context) {
    const run = async (options: OpenRegistryOptions, settings: Settings) => {
      const onWarning = (message: string) => warn(context, settings, message);
      const registry = await openRegistry({
        ...options,
        data: settings.data,
        archives: true,
        outbound: new Outbound({
          userAgent: `ebpm-registry/${registryVersion()}`,
          allow: settings.outboundAllow ?? [],
        }),
        upstreams: await upstreamSettings(settings),
        onWarning,
      });
      try {
        const { logStream } = context;
        const logger = { level: settings.logLevel, stream: logStream };
        const app = buildApp({ registry, settings, logger, accessLog: logStream });
        const url = await listen(app, settings);
        context.print(input.flags['json'] === true ? JSON.stringify({ listening: url }) : `listening on ${url}`);
        await aborted(context.signal);
        await closeInTime(app);
      } finally {
        await registry.close();
      }
    };
    await withStore(input, context, run, { mayMake: true });
  },
};

/** A line in the server's log, from before and beside its requests; 40 is the number of "warn" there. */
function warn({ logStream }: CommandContext, { logLevel }: Settings, msg: string): void {
  if (logLevel === 'error' || logLevel === 'silent') return;
  logStream.write(`${JSON.stringify({ level: 40, time: systemClock.nowMs(), msg })}\n`);
}

async function listen(app: FastifyInstance, { host, port, tlsCert }: Settings): Promise<string> {
  const scheme = tlsCert === undefined ? 'http' : 'https';
  try {
    // Fastify knows nothing of our TLS.
    const listenTextResolver = (url: string) => `listening on ${url.replace(/^http:/, `${scheme}:`)}`;
    await app.listen({ host, port, listenTextResolver });
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message : String(cause);
    throw new EbpmError('EBPM_REGISTRY_ADDRESS', `Cannot listen on port ${port} of "${host}": ${reason}`, {
      cause,
      hint: isErrno(cause, 'EADDRINUSE', 'EACCES')
        ? 'choose another port: --port 0 takes any free one'
        : 'choose an address of this machine: --host 127.0.0.1, or 0.0.0.0 for all of them',
    });
  }
  return urlOf(app.server.address(), scheme);
}

function urlOf(address: AddressInfo | string | null, scheme: string): string {
  if (address === null || typeof address === 'string') throw new TypeError('the server listens on no TCP port');
  return `${scheme}://${address.family === 'IPv6' ? `[${address.address}]` : address.address}:${address.port}`;
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
