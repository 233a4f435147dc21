import { badAddress } from './store-address.js';

/** Where a bucket is, and where in it. */
export interface S3Place {
  readonly bucket: string;
  /** Without slashes at its ends; empty for the whole bucket. */
  readonly prefix: string;
  readonly region: string;
  readonly endpoint?: string;
}

/**
 * Reads `s3://BUCKET[/PREFIX][?endpoint=URL&region=REGION]`.
 * @throws EBPM_STORE_URL
 */
export function s3Place(address: string): S3Place {
  const url = URL.canParse(address) ? new URL(address) : undefined;
  if (url === undefined) throw badAddress(address, 'it is no URL');
  if (url.username !== '' || url.password !== '') {
    throw badAddress(address, 'credentials do not belong into an address, which other users of the machine can see');
  }
  const prefix = url.pathname.replace(/^\/|\/$/g, '');
  if (!/^[A-Za-z0-9][A-Za-z0-9._-]{1,61}[A-Za-z0-9]$/.test(url.host))
    throw badAddress(address, `"${url.host}" is no bucket`);
  if (prefix !== '' && !/^[A-Za-z0-9._-]+(?:\/[A-Za-z0-9._-]+)*$/.test(prefix)) {
    throw badAddress(
      address,
      `the prefix "${prefix}" has other characters than letters, digits, ".", "_", "-" and "/"`,
    );
  }
  const { region = 'us-east-1', endpoint, ...unknown } = Object.fromEntries(url.searchParams);
  const [other] = Object.keys(unknown);
  if (other !== undefined) throw badAddress(address, `"${other}" is no setting of it`);
  if (!/^[a-z0-9-]{1,64}$/.test(region)) throw badAddress(address, `"${region}" is no region`);
  return {
    bucket: url.host,
    prefix,
    region,
    ...(endpoint !== undefined && { endpoint: checkedEndpoint(address, endpoint) }),
  };
}

function checkedEndpoint(address: string, endpoint: string): string {
  const url = URL.canParse(endpoint) ? new URL(endpoint) : undefined;
  const isPlain =
    url !== undefined && url.username === '' && url.password === '' && url.search === '' && url.hash === '';
  if (isPlain && (url.protocol === 'http:' || url.protocol === 'https:')) return endpoint;
  throw badAddress(address, `the endpoint "${endpoint}" is no http(s) URL`);
}
