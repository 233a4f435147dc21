import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { CreateBucketCommand, S3Client } from '@aws-sdk/client-s3';

/** A real S3 server on loopback, of which nothing is left after `stop()`. */
export interface S3Server {
  readonly endpoint: string;
  readonly accessKey: string;
  readonly secretKey: string;
  /** Makes an empty bucket and gives its address, as `--store` takes it. */
  newBucket(): Promise<string>;
  stop(): Promise<void>;
}

/** Starts Ceph's S3 gateway; about 15 seconds. It ends by itself when this process does, however that ends. */
export async function startS3Server(): Promise<S3Server> {
  const script = fileURLToPath(new URL('../../scripts/ceph-rgw.mjs', import.meta.url));
  const server = spawn(process.execPath, [script], { stdio: ['pipe', 'pipe', 'inherit'] });
  const ended = once(server, 'exit');
  const line = await Promise.race([once(createInterface(server.stdout), 'line'), ended.then(() => undefined)]);
  if (line === undefined) throw new Error('The S3 server did not start; the reason stands above');
  const { endpoint, accessKey, secretKey }: Record<'endpoint' | 'accessKey' | 'secretKey', string> = JSON.parse(
    line[0],
  );
  const credentials = { accessKeyId: accessKey, secretAccessKey: secretKey };
  const client = new S3Client({ endpoint, credentials, region: 'us-east-1', forcePathStyle: true });
  let buckets = 0;
  return {
    endpoint,
    accessKey,
    secretKey,
    async newBucket() {
      const bucket = `bucket-${++buckets}`;
      await client.send(new CreateBucketCommand({ Bucket: bucket }));
      return `s3://${bucket}?endpoint=${endpoint}`;
    },
    async stop() {
      client.destroy();
      server.stdin.end();
      await ended;
    },
  };
}
