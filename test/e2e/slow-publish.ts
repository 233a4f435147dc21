import { type ClientRequest, request } from 'node:http';
import type { TestPackage } from './published-package.js';

/** A publish of which one sees how far the server is with it. */
export interface SlowPublish {
  /** Resolves once the server has read the headers: the answer "100 Continue" (RFC 9110 section 10.1.1) has come. */
  readonly accepted: Promise<void>;
  /** Sends the body. */
  send(): void;
  /** The status of the answer; undefined when the connection broke before there was one. */
  readonly status: Promise<number | undefined>;
}

/** Begins a publish: sends the headers and lets the server ask for the body. */
export function slowPublish(url: string, token: string, sample: TestPackage): SlowPublish {
  const { name, version, archive, digest } = sample;
  const put = request(`${url}/api/v1/packages/${encodeURIComponent(name)}/versions/${version}`, {
    method: 'PUT',
    agent: false,
    headers: {
      authorization: `Bearer ${token}`,
      'content-type': 'application/x-tar',
      'content-length': archive.length,
      'ebpm-digest': digest,
      expect: '100-continue',
    },
  });
  put.flushHeaders();
  return {
    accepted: new Promise((resolve) => put.once('continue', () => resolve())),
    send: () => put.end(archive),
    status: statusOf(put),
  };
}

function statusOf(put: ClientRequest): Promise<number | undefined> {
  return new Promise((resolve) => {
    put.once('response', (answer) => {
      answer.resume();
      answer.once('close', () => resolve(answer.complete ? answer.statusCode : undefined));
    });
    put.once('error', () => resolve(undefined));
  });
}
