import { EbpmError } from '@ebpm/formats';
import {
  type ApiMadeWebhook,
  type ApiNewWebhook,
  type ApiWebhook,
  type ApiWebhookParameters,
  type ApiWebhooks,
  apiMadeWebhookSchema,
  apiNewWebhookSchema,
  apiReadHeadersSchema,
  apiWebhookParametersSchema,
  apiWebhooksSchema,
} from '@ebpm/schemas';
import type { FastifyInstance, FastifyRequest } from 'fastify';
import { useRefusal } from '../accounts/token-limits.js';
import { formatPlace } from '../feed/change.js';
import { requireToken } from '../http/require-token.js';
import type { DeliveryState } from '../webhooks/delivery-notes.js';
import type { Webhook } from '../webhooks/webhook.js';
import { type RouteContext, tokenOf } from './route-context.js';

/** /api/v1/webhooks: makes, lists and removes the webhooks of a user. */
export function webhookRoutes(app: FastifyInstance, context: RouteContext): void {
  const { registry } = context;
  const { webhooks, deliveries, feed, outbound } = registry;
  const onRequest = requireToken(registry, context, 'account');
  app.post<{ Body: ApiNewWebhook; Reply: ApiMadeWebhook }>('/api/v1/webhooks', {
    schema: {
      summary: 'Makes a webhook; its secret is told this once',
      operationId: 'addWebhook',
      body: apiNewWebhookSchema,
      response: { 201: apiMadeWebhookSchema },
    },
    onRequest,
    async handler(request, reply) {
      const { target, url } = request.body;
      const owner = ownerFor(context, request);
      outbound.check(url);
      const made = await webhooks.add({ owner, target, url, after: formatPlace(feed.end()) });
      reply.code(201).header('cache-control', 'no-store');
      const { id, createdAt, secret } = made;
      return { id, target, url, createdAt, secret };
    },
  });

  app.get<{ Reply: ApiWebhooks }>('/api/v1/webhooks', {
    schema: {
      summary: 'The webhooks of the account',
      operationId: 'listWebhooks',
      headers: apiReadHeadersSchema,
      response: { 200: apiWebhooksSchema },
    },
    onRequest,
    async handler(request, reply) {
      const user = ownerFor(context, request);
      const states = await deliveries.states();
      const own = (await webhooks.list()).filter(({ owner }) => owner === user);
      own.sort((a, b) => (a.createdAt < b.createdAt ? -1 : 1));
      reply.header('cache-control', 'no-store');
      return { webhooks: own.map((webhook) => shown(webhook, states[webhook.id])) };
    },
  });

  app.delete<{ Params: ApiWebhookParameters }>('/api/v1/webhooks/:id', {
    schema: { summary: 'Removes a webhook', operationId: 'removeWebhook', params: apiWebhookParametersSchema },
    onRequest,
    async handler(request, reply) {
      const { id } = request.params;
      const user = ownerFor(context, request);
      const own = (await webhooks.list()).find((webhook) => webhook.id === id && webhook.owner === user);
      if (own === undefined) throw notFound(id);
      await webhooks.remove(id);
      return reply.code(204).send();
    },
  });
}

/** Whose webhooks they are. A token for some packages does not hear of others through them. */
function ownerFor(context: RouteContext, request: FastifyRequest): string {
  const token = tokenOf(context, request);
  const refusal = useRefusal(token, { power: 'account' });
  if (refusal !== undefined) throw refusal;
  return token.user;
}

function shown({ id, target, url, createdAt }: Webhook, state: DeliveryState | undefined): ApiWebhook {
  const { failures = 0, at, outcome } = state ?? {};
  return {
    id,
    target,
    url,
    createdAt,
    failures,
    ...(at !== undefined && { lastAt: at }),
    ...(outcome !== undefined && { lastOutcome: outcome.slice(0, 1000) }),
  };
}

function notFound(id: string): EbpmError {
  return new EbpmError('EBPM_WEBHOOK_NOT_FOUND', `Cannot remove the webhook "${id}": you have none with this id`);
}
