import { setTimeout as sleep } from 'node:timers/promises';
import { type TOTP, URI } from 'otpauth';
import { expect } from 'vitest';

/** How long a code is shown (RFC 6238). */
const STEP_MS = 30_000;
/** What is left of a step must be enough to send a code of the one before, which is good until its end. */
const MARGIN_MS = 10_000;

/** An authenticator app with the secret of somebody, on real time. */
export class Authenticator {
  readonly #app: TOTP;
  readonly #used = new Set<number>();

  private constructor(app: TOTP) {
    this.#app = app;
  }

  /** Sets up one-time codes for whoever has the token. */
  static async setUp(registry: string, token: string): Promise<Authenticator> {
    const call = (method: string, body?: object) =>
      fetch(`${registry}/api/v1/account/otp`, {
        method,
        headers: { authorization: `Bearer ${token}`, ...(body && { 'content-type': 'application/json' }) },
        ...(body && { body: JSON.stringify(body) }),
      });
    const { uri } = (await (await call('POST')).json()) as { uri: string };
    const app = new Authenticator(URI.parse(uri) as TOTP);
    expect((await call('PUT', { code: await app.code() })).status).toBe(204);
    return app;
  }

  /** A code that is good now and was not given before: of this half minute, the next, or the one before; else it waits for another. */
  async code(): Promise<string> {
    for (;;) {
      const now = Math.floor(Date.now() / STEP_MS);
      const leftMs = (now + 1) * STEP_MS - Date.now();
      const steps = leftMs < MARGIN_MS ? [now + 1, now] : [now + 1, now, now - 1];
      const step = steps.find((one) => !this.#used.has(one));
      if (step !== undefined) {
        this.#used.add(step);
        return this.#app.generate({ timestamp: step * STEP_MS });
      }
      await sleep(leftMs);
    }
  }
}
