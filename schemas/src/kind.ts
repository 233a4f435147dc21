import type { JsonSchema } from './json-schema.js';

/** A kind of JSON that crosses a border: its schema, and the function that was generated from it. */
export interface Kind<T> {
  readonly schema: JsonSchema;
  readonly validator: Validator<T>;
}

/** A function that ajv generated: true, or false with the reasons in `errors` until its next call. */
export interface Validator<T> {
  (value: unknown): value is T;
  readonly errors?: readonly Violation[] | null;
}

/** What ajv says about one place in a value that breaks its schema. */
export interface Violation {
  /** JSON Pointer (RFC 6901) into the value. */
  readonly instancePath: string;
  /** URI fragment that ends with a JSON Pointer to the keyword in the schema. */
  readonly schemaPath: string;
  readonly keyword: string;
  readonly params: Readonly<Record<string, unknown>>;
}
