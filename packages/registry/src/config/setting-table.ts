import { type JsonSchema, type RegistryConfig, registryConfigSchema } from '@ebpm/schemas';

/** The name of a setting: its key in the configuration file. */
export type SettingKey = Exclude<keyof RegistryConfig, '$schema'>;

/** One setting, as schemas/registry-config.schema.json describes it. */
export interface Setting {
  readonly key: SettingKey;
  /** Without its dashes; undefined for secrets, since every user of the machine can see flags. */
  readonly flag: string | undefined;
  readonly variable: string;
  readonly description: string;
  /** What its value is called in help. */
  readonly valueName: string;
  readonly type: SettingType;
  /** It is never shown. */
  readonly isSecret: boolean;
  readonly fallback: unknown;
}

/** What a setting holds. In flags and variables a list is separated by commas, and a list of objects or an object is JSON. */
export type SettingType = 'string' | 'integer' | 'boolean' | 'list' | 'json';

/** All settings, in the order of the schema: a key that is added there is a flag and a variable at once. */
export const SETTINGS: readonly Setting[] = Object.entries((registryConfigSchema['properties'] ?? {}) as JsonSchema)
  .filter(([key]) => key !== '$schema')
  .map(([key, schema]) => toSetting(key as SettingKey, schema as JsonSchema));

function toSetting(key: SettingKey, schema: JsonSchema): Setting {
  const words = key.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`);
  const isSecret = schema['writeOnly'] === true;
  return {
    key,
    flag: isSecret ? undefined : words,
    variable: String(schema['x-variable'] ?? `EBPM_REGISTRY_${words.toUpperCase().replaceAll('-', '_')}`),
    description: String(schema['description']),
    valueName: String(schema['x-value'] ?? 'VALUE'),
    type: typeOf(key, schema),
    isSecret,
    fallback: schema['default'],
  };
}

function typeOf(key: string, { type, items }: JsonSchema): SettingType {
  if (type === 'string' || type === 'integer' || type === 'boolean') return type;
  if (type === 'array') return (items as JsonSchema)['type'] === 'string' ? 'list' : 'json';
  if (type === 'object') return 'json';
  throw new TypeError(`the setting "${key}" has the type ${type}, which no flag can hold`);
}
