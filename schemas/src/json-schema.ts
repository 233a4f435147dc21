/** A JSON Schema (draft-07), as fastify and ajv take it. */
export type JsonSchema = Readonly<Record<string, unknown>>;
