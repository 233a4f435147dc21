// A store in a bucket. Of S3 only this is used: PUT, PUT with If-None-Match: * (create), GET, HEAD, DELETE, ListObjectsV2.
// The SDK makes one attempt a call: a second one of its own would meet the first and take its success for a conflict.
// Checksums of the SDK are off: not every server knows them, and digests are verified where it matters.

import { createHash, getFips } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { stat } from 'node:fs/promises';
import { Readable } from 'node:stream';
import type { S3Client, S3ClientConfig } from '@aws-sdk/client-s3';
import type { Clock } from '../clock.js';
import { checkedPrefix, isStoreKey, keyKind, type StoreKey } from './keys.js';
import { hasStatus, isMissingKey, isTimeTooSkewed, s3Error } from './s3-error.js';
import type { ListOptions, Store, Vouched } from './store.js';
import { checkRemovable, checkSize, pageLimit } from './store-checks.js';
import { StoreClock } from './store-clock.js';

/** Who asks. */
export interface S3Credentials {
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
  readonly sessionToken?: string;
}

/** Where the bucket is. */
export interface S3StoreOptions {
  readonly bucket: string;
  /** Put before every key, without a slash at its end; empty for none. */
  readonly prefix: string;
  /** Left out for AWS itself. It is asked as it stands, never through a cache. */
  readonly endpoint?: string;
  readonly region: string;
  readonly credentials: S3Credentials;
  readonly clock: Clock;
}

/** Opens a store in a bucket, which must exist. It sends nothing yet. */
export async function openS3Store(options: S3StoreOptions): Promise<Store> {
  const { bucket, prefix, endpoint, clock } = options;
  // 100 ms: only who uses S3 waits for it.
  const s3 = await import('@aws-sdk/client-s3');
  const storeClock = new StoreClock();
  const client = new s3.S3Client(clientConfig(options));
  watchDates(client, storeClock, clock);
  const start = prefix === '' ? '' : `${prefix}/`;
  const at = (key: StoreKey) => ({ Bucket: bucket, Key: start + key });

  async function read(key: StoreKey, range: string | undefined, signal: AbortSignal | undefined): Promise<Uint8Array> {
    const command = new s3.GetObjectCommand({ ...at(key), ...(range !== undefined && { Range: range }) });
    const { Body, ContentLength = 0 } = await client.send(command, withSignal(signal));
    if (!(Body instanceof Readable)) throw new TypeError('The S3 client gave no stream');
    try {
      checkSize(key, ContentLength, 'read');
      return await collect(Body, key);
    } finally {
      Body.destroy();
    }
  }

  async function write(key: StoreKey, bytes: Uint8Array, signal?: AbortSignal): Promise<Vouched> {
    checkSize(key, bytes.length, 'write');
    const put = () => new s3.PutObjectCommand({ ...at(key), ...body(bytes) });
    try {
      const { ETag } = await askAgainWhenSkewed(() => client.send(put(), withSignal(signal)));
      return ETag !== undefined && ETag === md5Tag(bytes) ? 'vouched' : 'unknown';
    } catch (error) {
      throw s3Error(`Cannot write "${key}"`, error);
    }
  }

  async function stats(key: StoreKey, signal: AbortSignal | undefined) {
    keyKind(key);
    try {
      return await askAgainWhenSkewed(() => client.send(new s3.HeadObjectCommand(at(key)), withSignal(signal)));
    } catch (error) {
      if (hasStatus(error, 404)) return undefined;
      throw s3Error(`Cannot look for "${key}"`, error);
    }
  }

  return {
    name: `s3://${bucket}${prefix === '' ? '' : `/${prefix}`}${endpoint === undefined ? '' : `?endpoint=${endpoint}`}`,
    async create(key, bytes, signal) {
      checkSize(key, bytes.length, 'create');
      const put = () => new s3.PutObjectCommand({ ...at(key), ...body(bytes), IfNoneMatch: '*' });
      try {
        await askAgainWhenSkewed(() => client.send(put(), withSignal(signal)));
        return 'created';
      } catch (error) {
        if (hasStatus(error, 412)) return 'exists';
        throw s3Error(`Cannot create "${key}"`, error);
      }
    },
    putBlob: write,
    async overwriteEntry(key, bytes, signal) {
      await write(key, bytes, signal);
    },
    async putFile(key, path, signal) {
      const { size } = await stat(path);
      checkSize(key, size, 'write');
      // A stream can be sent once only, so that every attempt opens the file.
      const put = () =>
        new s3.PutObjectCommand({ ...at(key), ContentLength: size, ContentType: TYPE, Body: createReadStream(path) });
      try {
        await askAgainWhenSkewed(() => client.send(put(), withSignal(signal)));
      } catch (error) {
        throw s3Error(`Cannot write "${key}"`, error);
      }
    },
    async get(key, range, signal) {
      keyKind(key);
      const bytes = range && `bytes=${range.offsetBytes}-${range.offsetBytes + range.lengthBytes - 1}`;
      try {
        return await askAgainWhenSkewed(() => read(key, bytes, signal));
      } catch (error) {
        if (isMissingKey(error)) return undefined;
        // RFC 9110 section 15.5.17: the range begins behind the end.
        if (range !== undefined && hasStatus(error, 416)) return new Uint8Array();
        throw s3Error(`Cannot read "${key}"`, error);
      }
    },
    async list(prefixKey, options = {}) {
      const listed = { Bucket: bucket, Prefix: start + checkedPrefix(prefixKey) };
      try {
        return await listKeys(options, async (after, limit) => {
          const page = new s3.ListObjectsV2Command({ ...listed, MaxKeys: limit, StartAfter: start + after });
          const { Contents = [], IsTruncated = false } = await client.send(page, withSignal(options.signal));
          return {
            keys: Contents.flatMap(({ Key }) => (Key === undefined ? [] : Key.slice(start.length))),
            IsTruncated,
          };
        });
      } catch (error) {
        throw s3Error(`Cannot list "${prefixKey}"`, error);
      }
    },
    async head(key, signal) {
      const found = await stats(key, signal);
      return found && (found.ContentLength ?? 0);
    },
    async writtenAtMs(key, signal) {
      return (await stats(key, signal))?.LastModified?.getTime();
    },
    async remove(key, signal) {
      checkRemovable(key);
      try {
        await client.send(new s3.DeleteObjectCommand(at(key)), withSignal(signal));
      } catch (error) {
        throw s3Error(`Cannot remove "${key}"`, error);
      }
    },
    async presignedUrl(key, seconds) {
      keyKind(key);
      const { getSignedUrl } = await import('@aws-sdk/s3-request-presigner');
      const command = new s3.GetObjectCommand({ ...at(key), ResponseContentType: 'application/x-tar' });
      return getSignedUrl(client, command, {
        expiresIn: seconds,
        signingDate: new Date(clock.nowMs() + storeClock.offsetMs()),
      });
    },
    clockOffsetMs: () => storeClock.offsetMs(),
    close: async () => client.destroy(),
  };
}

function clientConfig({ endpoint, region, credentials }: S3StoreOptions): S3ClientConfig {
  // One connection a request under way: 16 reads ahead, a create, and what HTTP clients want from blobs.
  const agent = { keepAlive: true, maxSockets: 64 };
  return {
    region,
    credentials,
    forcePathStyle: true,
    maxAttempts: 1,
    requestChecksumCalculation: 'WHEN_REQUIRED',
    responseChecksumValidation: 'WHEN_REQUIRED',
    requestHandler: { httpAgent: agent, httpsAgent: agent },
    ...(endpoint !== undefined && { endpoint }),
  };
}

function watchDates(client: S3Client, storeClock: StoreClock, clock: Clock): void {
  client.middlewareStack.add(
    (next) => async (args) => {
      const sentMs = clock.nowMs();
      const result = await next(args);
      const date = dateOf(result.response);
      if (date !== undefined) storeClock.saw({ date, sentMs, answeredMs: clock.nowMs() });
      return result;
    },
    { step: 'deserialize', name: 'watchDates', priority: 'low' },
  );
}

function dateOf(response: unknown): string | undefined {
  if (typeof response !== 'object' || response === null || !('headers' in response)) return undefined;
  const { headers } = response;
  if (typeof headers !== 'object' || headers === null || !('date' in headers)) return undefined;
  return typeof headers.date === 'string' ? headers.date : undefined;
}

/** A clock that is more than 15 minutes off is refused; the client has learned the right time from that answer. */
async function askAgainWhenSkewed<T>(ask: () => Promise<T>): Promise<T> {
  try {
    return await ask();
  } catch (error) {
    if (isTimeTooSkewed(error)) return ask();
    throw error;
  }
}

/** The length that was announced is not to be trusted. */
async function collect(stream: Readable, key: StoreKey): Promise<Uint8Array> {
  const chunks: Uint8Array[] = [];
  let sizeBytes = 0;
  for await (const chunk of stream) {
    if (!(chunk instanceof Uint8Array)) throw new TypeError('The S3 client gave no bytes');
    sizeBytes += chunk.length;
    checkSize(key, sizeBytes, 'read');
    chunks.push(chunk);
  }
  return Buffer.concat(chunks);
}

type AskForPage = (
  after: string,
  limit: number,
) => Promise<{ readonly keys: readonly string[]; readonly IsTruncated: boolean }>;

/** A page may hold objects that others put beside ours; then the next one is asked for. */
async function listKeys(options: ListOptions, ask: AskForPage): Promise<readonly StoreKey[]> {
  const limit = pageLimit(options);
  const found: StoreKey[] = [];
  for (let after = options.after ?? ''; ; ) {
    const { keys, IsTruncated } = await ask(after, limit - found.length);
    found.push(...keys.filter(isStoreKey));
    const last = keys.at(-1);
    if (!IsTruncated || last === undefined || found.length === limit) return found;
    after = last;
  }
}

/**
 * What S3 answers to a PUT of these bytes: the MD5 of what it received, unless it encrypts them with a key from elsewhere
 * (https://docs.aws.amazon.com/AmazonS3/latest/API/API_Object.html, ETag). Against accidents, which MD5 is good enough for; in FIPS mode there is none.
 */
function md5Tag(bytes: Uint8Array): string | undefined {
  if (getFips() === 1) return undefined;
  return `"${createHash('md5').update(bytes).digest('hex')}"`;
}

function body(bytes: Uint8Array) {
  return { Body: bytes, ContentLength: bytes.length, ContentType: TYPE };
}

const TYPE = 'application/octet-stream';

function withSignal(signal: AbortSignal | undefined) {
  return signal === undefined ? {} : { abortSignal: signal };
}
