import type { OperationPlace } from './operation-place.js';

/** A key that a publisher signs with. */
export interface KeyState {
  /** `k_<32 hex>`, the beginning of the SHA-256 of the public key's bytes. */
  readonly id: string;
  /** The opaque id of the user or organisation that it belongs to. */
  readonly owner: string;
  /** Ed25519 (RFC 8032), 32 bytes in base64url. */
  readonly publicKey: string;
  /** The id of the key whose place it takes, which has signed that; undefined: it takes none. */
  readonly replaces: string | undefined;
  /** That signature, 64 bytes in base64url. */
  readonly rotation: string | undefined;
  /** The operation that registered or revoked it. */
  readonly at: OperationPlace;
  /** RFC 3339, UTC. */
  readonly registeredAt: string;
  /** RFC 3339, UTC; undefined: it holds. */
  readonly revokedAt: string | undefined;
}
