import { EbpmError } from '@ebpm/formats';
import {
  apiBlobParametersKind,
  apiChangesQueryKind,
  apiCodeHeadersKind,
  apiDeprecationBodyKind,
  apiGrantBodyKind,
  apiKeyBodyKind,
  apiKeyParametersKind,
  apiKeysQueryKind,
  apiLoginBodyKind,
  apiLogQueryKind,
  apiMemberBodyKind,
  apiMemberParametersKind,
  apiNewOtpBodyKind,
  apiNewWebhookKind,
  apiOidcBodyKind,
  apiOrganisationBodyKind,
  apiOrganisationParametersKind,
  apiOtpBodyKind,
  apiOwnerParametersKind,
  apiPackageParametersKind,
  apiPasswordBodyKind,
  apiPolicyKind,
  apiPublishHeadersKind,
  apiPublishQueryKind,
  apiReadHeadersKind,
  apiSearchQueryKind,
  apiTagBodyKind,
  apiTagParametersKind,
  apiTeamMemberParametersKind,
  apiTeamParametersKind,
  apiTokenBodyKind,
  apiTokenParametersKind,
  apiTrustBodyKind,
  apiTrustParametersKind,
  apiVersionParametersKind,
  apiVisibilityBodyKind,
  apiWebhookParametersKind,
  apiYankBodyKind,
  type JsonSchema,
  type Kind,
  validate,
} from '@ebpm/schemas';
import type { FastifySchemaCompiler } from 'fastify';

/** What requests are made of. Fastify changes the schemas of headers, so that only the title tells them apart. */
const KINDS: ReadonlyMap<unknown, Kind<unknown>> = new Map(
  [
    apiBlobParametersKind,
    apiChangesQueryKind,
    apiCodeHeadersKind,
    apiDeprecationBodyKind,
    apiGrantBodyKind,
    apiKeyBodyKind,
    apiKeyParametersKind,
    apiKeysQueryKind,
    apiLogQueryKind,
    apiLoginBodyKind,
    apiMemberBodyKind,
    apiMemberParametersKind,
    apiNewOtpBodyKind,
    apiNewWebhookKind,
    apiOidcBodyKind,
    apiOrganisationBodyKind,
    apiOrganisationParametersKind,
    apiOtpBodyKind,
    apiOwnerParametersKind,
    apiPackageParametersKind,
    apiPasswordBodyKind,
    apiPolicyKind,
    apiPublishHeadersKind,
    apiPublishQueryKind,
    apiReadHeadersKind,
    apiSearchQueryKind,
    apiTagBodyKind,
    apiTagParametersKind,
    apiTeamMemberParametersKind,
    apiTeamParametersKind,
    apiTokenBodyKind,
    apiTokenParametersKind,
    apiTrustBodyKind,
    apiTrustParametersKind,
    apiVersionParametersKind,
    apiVisibilityBodyKind,
    apiYankBodyKind,
    apiWebhookParametersKind,
  ].map((kind) => [kind.schema['title'], kind]),
);

/**
 * Gives fastify the validators that were generated from the schemas, so that nothing is compiled at the start.
 * @throws TypeError for a schema that is not in the table above
 */
export const compileValidator: FastifySchemaCompiler<JsonSchema> = ({ schema, httpPart = 'body' }) => {
  const kind = KINDS.get(schema['title']);
  if (kind === undefined) throw new TypeError(`No validator for the ${httpPart} of ${schema['title']}`);
  return (data: unknown) => {
    const checked = validate(kind, partValue(httpPart, data, kind.schema));
    if (checked.ok) return { value: checked.value };
    const [problem] = checked.problems;
    const where = [PART_WORDS[httpPart] ?? httpPart, problem?.path].filter(Boolean).join(' ');
    return { error: new EbpmError('EBPM_REQUEST_INVALID', `Cannot read the request: ${where} ${problem?.message}`) };
  };
};

const PART_WORDS: Readonly<Record<string, string>> = {
  headers: 'the header',
  body: 'in the body,',
  params: 'in the path,',
  querystring: 'in the query,',
};

/** A request without a body says as little as one with an empty object. */
function partValue(httpPart: string, data: unknown, schema: JsonSchema): unknown {
  if (httpPart === 'body') return data ?? {};
  return httpPart === 'querystring' ? withNumbers(data, schema) : data;
}

/** A query has only texts: those that stand where the schema wants a whole number become one. */
function withNumbers(query: unknown, schema: JsonSchema): unknown {
  const properties = Object.entries(schema['properties'] ?? {}) as [string, JsonSchema][];
  const wanted = new Set(properties.filter(([, { type }]) => type === 'integer').map(([name]) => name));
  return Object.fromEntries(
    Object.entries(query ?? {}).map(([name, value]) => [name, wanted.has(name) ? asNumber(value) : value]),
  );
}

function asNumber(value: unknown): unknown {
  return typeof value === 'string' && /^\d{1,12}$/.test(value) ? Number(value) : value;
}
