import { EbpmError } from '@ebpm/formats';
import { expect } from 'vitest';

/** Expects a refusal with that code whose message contains a text. */
export function expectRefused(action: () => unknown, code: string, text: string): void {
  let thrown: unknown;
  try {
    action();
  } catch (error) {
    thrown = error;
  }
  expect(thrown).toBeInstanceOf(EbpmError);
  expect(thrown).toMatchObject({ code });
  expect(thrown instanceof Error ? thrown.message : '').toContain(text);
}
