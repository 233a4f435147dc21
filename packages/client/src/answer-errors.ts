import { EbpmError, type ErrorCode, JsonTextError, parseJsonText } from '@ebpm/formats';
import { apiErrorKind, validate } from '@ebpm/schemas';
import type { HttpAnswer } from './http.js';

/** What a registry refuses comes as code and message; anything else is not a registry's answer. */
export function refusal(answer: HttpAnswer, url: string): EbpmError {
  const body = validate(apiErrorKind, parseJson(answer, url));
  if (!body.ok) return answerInvalid(url, `it answers with status ${answer.status} and no registry's error`);
  const { code, message, data = {} } = body.value;
  // `diagnostics` of an error are shown as they are, and `log` as a log: only what this machine says may stand there.
  const { hint, log, diagnostics, ...facts } = data;
  return new EbpmError(code as ErrorCode, message, {
    ...(typeof hint === 'string' ? { hint } : {}),
    data: { ...facts, status: answer.status, registry: url },
  });
}

/** The JSON in an answer. @throws EBPM_REGISTRY_ANSWER_INVALID */
export function parseJson({ body, status }: HttpAnswer, url: string): unknown {
  try {
    return parseJsonText(body);
  } catch (cause) {
    if (!(cause instanceof JsonTextError)) throw cause;
    throw answerInvalid(url, `it answers with status ${status} and something that is not JSON`, cause);
  }
}

/** What came is none of a registry's answers. */
export function answerInvalid(url: string, reason: string, cause?: unknown): EbpmError {
  return new EbpmError('EBPM_REGISTRY_ANSWER_INVALID', `Cannot use the answer of "${url}": ${reason}`, {
    cause,
    hint: 'Check that this is the address of an ebpm registry',
  });
}

/** Whether what answered is no registry. */
export function isNoRegistry(error: unknown): boolean {
  return error instanceof EbpmError && error.code === 'EBPM_REGISTRY_ANSWER_INVALID';
}

/** A path that is not in a mirror, as a registry would say it. */
export function notInMirror(url: string, path: string): EbpmError {
  const [, , , kind, name = '', , version] = path.split('/').map(decodeURIComponent);
  const [code, what]: [ErrorCode, string] =
    kind !== 'packages'
      ? ['EBPM_BLOB_NOT_FOUND', 'the archive']
      : version === undefined
        ? ['EBPM_PACKAGE_NOT_FOUND', `"${name}"`]
        : ['EBPM_VERSION_NOT_FOUND', `"${name}@${version}"`];
  return new EbpmError(code, `Cannot find ${what}: the mirror "${url}" does not have it`, {
    hint: 'It may hold some packages only, or be older than the registry that it mirrors',
  });
}

/** A mirror is asked to change something. */
export function readOnly(url: string): EbpmError {
  return new EbpmError(
    'EBPM_REGISTRY_READ_ONLY',
    `Cannot do this at "${url}": it is a mirror, which can only be read`,
    {
      hint: 'Name the registry itself: --registry URL',
    },
  );
}
