// A text with signatures below it, one line each (https://c2sp.org/signed-note@v1.0.0):
//
//   <text, every line ended by LF>
//   <empty line>
//   — <name of the key> <base64 of: 4 bytes that tell keys of one name apart, then the signature>
//
// Keys are Ed25519 (type 1): the four bytes are the beginning of the SHA-256 of name, LF, 0x01 and the public key. A key is
// handed around as <name>+<those four bytes in hex>+<base64 of 0x01 and the public key>.

import { Buffer } from 'node:buffer';
import { createHash, createPrivateKey, createPublicKey, type KeyObject, sign, verify } from 'node:crypto';
import { EbpmError } from './ebpm-error.js';
import { MAX_NOTE_LENGTH } from './limits.js';

/** What checks signatures. */
export interface NoteKey {
  /** Neither blanks nor "+". */
  readonly name: string;
  /** The four bytes, as hex. */
  readonly id: string;
  /** 32 bytes. */
  readonly publicKey: Uint8Array;
}

/** What signs. */
export interface NoteSigner {
  readonly key: NoteKey;
  sign(text: string): string;
}

const ED25519 = 0x01;
/** RFC 8410 section 7: what stands before the 32 bytes of a private and of a public key in DER. */
const PRIVATE_DER = Buffer.from('302e020100300506032b657004220420', 'hex');
const PUBLIC_DER = Buffer.from('302a300506032b6570032100', 'hex');

/**
 * A signer from the 32 bytes of an Ed25519 private key.
 * @throws TypeError for another size, and for a name that a key cannot have
 */
export function noteSigner(name: string, seed: Uint8Array): NoteSigner {
  if (seed.length !== 32 || !isName(name)) throw new TypeError('A signer needs a name and 32 bytes');
  const der = Buffer.concat([PRIVATE_DER, seed]);
  const privateKey = createPrivateKey({ key: der, format: 'der', type: 'pkcs8' });
  const spki = createPublicKey(privateKey).export({ format: 'der', type: 'spki' });
  const key = noteKey(name, new Uint8Array(spki.subarray(PUBLIC_DER.length)));
  return { key, sign: (text) => signed(text, key, privateKey) };
}

/** The key in the form in which it is handed around. */
export function formatNoteKey({ name, id, publicKey }: NoteKey): string {
  return `${name}+${id}+${Buffer.from([ED25519, ...publicKey]).toString('base64')}`;
}

/**
 * Reads a key that `formatNoteKey` wrote.
 * @throws EBPM_NOTE_KEY_INVALID
 */
export function parseNoteKey(text: string): NoteKey {
  const [, name = '', id, base64 = ''] =
    /^([^\s+]{1,200})\+([0-9a-f]{8})\+([A-Za-z0-9+/]{44})$/.exec(text.trim()) ?? [];
  const [type, ...publicKey] = Buffer.from(base64, 'base64');
  const key = type === ED25519 && isName(name) ? noteKey(name, Uint8Array.from(publicKey)) : undefined;
  if (key !== undefined && key.id === id && key.publicKey.length === 32) return key;
  throw new EbpmError('EBPM_NOTE_KEY_INVALID', `Cannot use ${JSON.stringify(text.slice(0, 100))} as a registry's key`, {
    hint: 'Copy it whole from /api/v1/log/key of the registry: NAME+8 HEX DIGITS+BASE64',
  });
}

/**
 * The text of a note that the key has signed. Signatures of other keys are let be.
 * @param maxLength in characters, signatures included
 * @throws EBPM_NOTE_INVALID
 */
export function openNote(note: string, key: NoteKey, maxLength = MAX_NOTE_LENGTH): string {
  if (note.length > maxLength) throw invalid(`it has ${note.length} characters`);
  // The first empty line ends the text.
  const end = note.indexOf('\n\n');
  const [text, signatures] = [note.slice(0, end + 1), note.slice(end + 2)];
  const areSignatures =
    signatures.length <= MAX_NOTE_LENGTH && /^(?:\u2014 [^\s+]+ [A-Za-z0-9+/]+={0,2}\n)+$/.test(signatures);
  if (end <= 0 || text.startsWith('\n') || !areSignatures) throw invalid('it has not the form of a signed note');
  const own = signatures.split('\n').flatMap((line) => signatureOf(line, key) ?? []);
  if (own.length === 0) throw invalid(`the key "${key.name}+${key.id}" has not signed it`);
  const publicKey = createPublicKey({
    key: Buffer.concat([PUBLIC_DER, key.publicKey]),
    format: 'der',
    type: 'spki',
  });
  if (own.every((signature) => verify(null, Buffer.from(text), publicKey, signature))) return text;
  throw invalid(`the signature of "${key.name}+${key.id}" is not that of this text`);
}

function noteKey(name: string, publicKey: Uint8Array): NoteKey {
  const hash = createHash('sha256')
    .update(`${name}\n`)
    .update(Buffer.from([ED25519]))
    .update(publicKey);
  return { name, id: hash.digest('hex').slice(0, 8), publicKey };
}

function signed(text: string, { name, id }: NoteKey, privateKey: KeyObject): string {
  if (!/^(?:[^\n]+\n)+$/.test(text)) throw new TypeError('A note has lines, each ended by LF');
  const signature = sign(null, Buffer.from(text), privateKey);
  return `${text}\n\u2014 ${name} ${Buffer.concat([Buffer.from(id, 'hex'), signature]).toString('base64')}\n`;
}

/** The signature in a line that names the key; undefined in another's. */
function signatureOf(line: string, { name, id }: NoteKey): Buffer | undefined {
  const [, signer, base64 = ''] = line.split(' ');
  const bytes = Buffer.from(base64, 'base64');
  return signer === name && bytes.toString('hex', 0, 4) === id ? bytes.subarray(4) : undefined;
}

function isName(name: string): boolean {
  return /^[^\s+]{1,200}$/.test(name);
}

function invalid(reason: string): EbpmError {
  return new EbpmError('EBPM_NOTE_INVALID', `Cannot trust what the registry says of its log: ${reason}`);
}
