import { open } from 'node:fs/promises';
import { EbpmError } from '@ebpm/formats';
import { type RegistryConfig, registryConfigKind, validate } from '@ebpm/schemas';
import { CONFIG_LIMITS } from '../limits.js';
import { configError } from './config-error.js';
import { whyUnreadable } from './why-unreadable.js';

/** Every command reads the file, so that none can show what is wrong with it. */
const HINT = 'Correct the file: docs/registry.md lists its keys';

/**
 * Reads a configuration file: JSON, as schemas/registry-config.schema.json has it.
 * @throws EBPM_REGISTRY_CONFIG
 */
export async function readConfigFile(path: string): Promise<RegistryConfig> {
  const checked = validate(registryConfigKind, parse(path, await read(path)));
  if (checked.ok) return checked.value;
  const sentences = checked.problems.map(({ path: key, message }) => `${key === '' ? 'it' : `"${key}"`} ${message}`);
  throw configError(`Cannot use the configuration file "${path}": ${sentences.join('; ')}`, {
    data: { file: path, problems: checked.problems },
    hint: HINT,
  });
}

async function read(path: string): Promise<string> {
  const maxSizeBytes = CONFIG_LIMITS.fileSizeBytes;
  try {
    const file = await open(path);
    try {
      const { bytesRead, buffer } = await file.read(Buffer.alloc(maxSizeBytes + 1));
      if (bytesRead > maxSizeBytes)
        throw configError(`Cannot use "${path}": it has more than ${maxSizeBytes} bytes`, { hint: HINT });
      return buffer.toString('utf8', 0, bytesRead);
    } finally {
      await file.close();
    }
  } catch (cause) {
    if (cause instanceof EbpmError) throw cause;
    throw configError(`Cannot read the configuration file "${path}": ${whyUnreadable(cause)}`, {
      cause,
      hint: 'Look at --config, or at $EBPM_REGISTRY_CONFIG',
    });
  }
}

function parse(path: string, text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (cause) {
    // V8 quotes what stands at the place, which may be a secret.
    const place = cause instanceof Error ? / at position \d+/.exec(cause.message)?.[0] : undefined;
    throw configError(`Cannot use the configuration file "${path}": it is not JSON${place ?? ''}`, { hint: HINT });
  }
}
