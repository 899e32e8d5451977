/**
 * Encryption to a public key, for the whole project: HPKE (RFC 9180) in base mode, DHKEM(P-256, HKDF-SHA256), HKDF-SHA256, AES-256-GCM. It hides; it says nothing of who
 * sealed. What is sealed must speak for itself, as openings of published commitments do. Runs wherever there is WebCrypto.
 */
import { Aes256Gcm, CipherSuite, DhkemP256HkdfSha256, HkdfSha256 } from '@hpke/core'
import { decodeBase64, encodeBase64 } from 'ethers'
import { z } from 'zod'
import { CodedError } from '../base/error.ts'

/**
 * - `KEY_INVALID`: no public or private key of the suite.
 * - `SEAL_INVALID`: no sealed message, of another suite or purpose, altered, or sealed to another key.
 */
export class SealError extends CodedError<'KEY_INVALID' | 'SEAL_INVALID'> {}

/** The one suite there is: mode, KEM, KDF and AEAD as RFC 9180 numbers them. */
export const SEAL_FORMAT = 'fairlead-sealed/1-0x00-0x0010-0x0001-0x0002'

/** An uncompressed point of P-256. */
const PUBLIC_BYTES = 65
const PRIVATE_BYTES = 32

const Base64 = z.string().regex(/^[A-Za-z0-9+/]+={0,2}$/, 'expected base64')

/** A sealed message. */
export const Sealed = z.strictObject({
  format: z.literal(SEAL_FORMAT),
  /** What it is for; bound by the encryption. */
  purpose: z.string().min(1).max(200),
  /** Public key that it is sealed to, base64. */
  to: Base64,
  /** The encapsulated key, base64. */
  enc: Base64,
  ciphertext: Base64,
})
export type Sealed = z.infer<typeof Sealed>

/** A key pair, base64. The private half opens everything that was ever sealed to the public one. */
export interface SealKeys {
  readonly publicKey: string
  readonly privateKey: string
}

const suite = new CipherSuite({ kem: new DhkemP256HkdfSha256(), kdf: new HkdfSha256(), aead: new Aes256Gcm() })
const text = new TextEncoder()

/** Makes a key pair. */
export async function makeSealKeys(): Promise<SealKeys> {
  const { publicKey, privateKey } = await suite.kem.generateKeyPair()
  const [open, secret] = await Promise.all([
    suite.kem.serializePublicKey(publicKey),
    suite.kem.serializePrivateKey(privateKey),
  ])
  return { publicKey: encodeBase64(new Uint8Array(open)), privateKey: encodeBase64(new Uint8Array(secret)) }
}

/**
 * Seals a text to a public key.
 * @param purpose what it is for, readable by all; a message that is opened for another purpose does not open.
 * @throws SealError KEY_INVALID.
 */
export async function seal(to: string, purpose: string, message: string): Promise<Sealed> {
  const recipientPublicKey = await keyOf(to, PUBLIC_BYTES, (bytes) => suite.kem.deserializePublicKey(bytes))
  const sender = await suite.createSenderContext({ recipientPublicKey, info: bufferOf(text.encode(purpose)) })
  const ciphertext = await sender.seal(bufferOf(text.encode(message)))
  const [enc, body] = [sender.enc, ciphertext].map((bytes) => encodeBase64(new Uint8Array(bytes)))
  return { format: SEAL_FORMAT, purpose, to, enc: enc ?? '', ciphertext: body ?? '' }
}

/** Opens what was sealed for a purpose. @throws SealError KEY_INVALID, SEAL_INVALID. */
export async function unseal(privateKey: string, purpose: string, input: unknown): Promise<string> {
  const { data: sealed } = Sealed.safeParse(input)
  if (!sealed) throw new SealError('SEAL_INVALID', 'this is no sealed message')
  if (sealed.purpose !== purpose) throw new SealError('SEAL_INVALID', `it was sealed for ${sealed.purpose}`)
  const recipientKey = await keyOf(privateKey, PRIVATE_BYTES, (bytes) => suite.kem.deserializePrivateKey(bytes))
  try {
    const info = bufferOf(text.encode(purpose))
    const recipient = await suite.createRecipientContext({
      recipientKey,
      enc: bufferOf(decodeBase64(sealed.enc)),
      info,
    })
    return new TextDecoder().decode(await recipient.open(bufferOf(decodeBase64(sealed.ciphertext))))
  } catch {
    // The library's reasons differ by platform, and are of no use to a reader.
    throw new SealError('SEAL_INVALID', 'it was altered, or sealed to another key')
  }
}

async function keyOf<Key>(encoded: string, length: number, read: (bytes: ArrayBuffer) => Promise<Key>): Promise<Key> {
  try {
    const bytes = decodeBase64(encoded.trim())
    if (bytes.length === length) return await read(bufferOf(bytes))
  } catch {
    // Falls through: whatever is wrong with it, it is no key.
  }
  throw new SealError('KEY_INVALID', `expected a key of ${length} bytes in base64`)
}

const bufferOf = (bytes: Uint8Array): ArrayBuffer => bytes.slice().buffer
