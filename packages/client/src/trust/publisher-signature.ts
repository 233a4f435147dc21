import { type Digest, EbpmError, isSignedDsse, publishStatement, STATEMENT_PAYLOAD } from '@ebpm/formats';

/** Who has signed an installed version, as its record keeps it. */
export interface PublisherSignature {
  /** The key that the publisher was known by when the version was installed: Ed25519, 32 bytes in base64url. */
  readonly key: string;
  /** The signature of the publish statement, 64 bytes in base64. */
  readonly sig: string;
}

/** A version that somebody has signed. */
export interface SignedVersion {
  readonly name: string;
  readonly version: string;
  readonly digest: Digest;
}

/** Checks that a key has signed a version: what is signed follows from name, version and digest. @throws EBPM_SIGNATURE_INVALID */
export function checkSignature(what: SignedVersion, { key, sig }: PublisherSignature): void {
  const statement = { type: STATEMENT_PAYLOAD, payload: publishStatement(what) };
  if (isSignedDsse(statement, key, Buffer.from(sig, 'base64'))) return;
  throw new EbpmError(
    'EBPM_SIGNATURE_INVALID',
    `Cannot use "${what.name}@${what.version}": its signature is not that of its publisher`,
    {
      hint: `It is not what was published. Install it anew: ebpm install ${what.name}@${what.version}\nIf that says the same, tell whoever runs the registry`,
      data: { digest: what.digest },
    },
  );
}
