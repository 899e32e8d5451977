import { expect } from 'chai'
import { decodeBase64, encodeBase64 } from 'ethers'
import { makeSealKeys, Sealed, seal, unseal } from '../../src/seal/seal.ts'
import { catchError } from '../helpers/catch-error.ts'

describe('seal', () => {
  const message = 'size 250, side buy ½'

  it('opens for the holder of the key, and for the purpose that it was sealed for', async () => {
    const { publicKey, privateKey } = await makeSealKeys()
    const sealed = await seal(publicKey, 'openings', message)
    expect(Sealed.safeParse(JSON.parse(JSON.stringify(sealed))).success).to.equal(true)
    expect(await unseal(privateKey, 'openings', sealed)).to.equal(message)
    expect(JSON.stringify(sealed)).to.not.include('250')
  })

  it('never gives the same text twice', async () => {
    const { publicKey } = await makeSealKeys()
    const [one, other] = [await seal(publicKey, 'openings', message), await seal(publicKey, 'openings', message)]
    expect(one.ciphertext).to.not.equal(other.ciphertext)
    expect(one.enc).to.not.equal(other.enc)
  })

  it('does not open with another key, for another purpose, or altered', async () => {
    const [keys, others] = [await makeSealKeys(), await makeSealKeys()]
    const sealed = await seal(keys.publicKey, 'openings', message)
    const bent = (text: string): string => {
      const bytes = decodeBase64(text)
      bytes[bytes.length - 1] = (bytes.at(-1) ?? 0) ^ 1
      return encodeBase64(bytes)
    }
    const tries: Record<string, [key: string, purpose: string, input: unknown]> = {
      'another key': [others.privateKey, 'openings', sealed],
      'another purpose': [keys.privateKey, 'orders', sealed],
      'a purpose that was changed': [keys.privateKey, 'orders', { ...sealed, purpose: 'orders' }],
      'a bent ciphertext': [keys.privateKey, 'openings', { ...sealed, ciphertext: bent(sealed.ciphertext) }],
      'a bent encapsulation': [keys.privateKey, 'openings', { ...sealed, enc: bent(sealed.enc) }],
      'another suite': [keys.privateKey, 'openings', { ...sealed, format: 'fairlead-sealed/2' }],
      'a field too many': [keys.privateKey, 'openings', { ...sealed, note: '' }],
      nothing: [keys.privateKey, 'openings', undefined],
    }
    for (const [what, [key, purpose, input]] of Object.entries(tries))
      expect((await catchError(() => unseal(key, purpose, input))).code, what).to.equal('SEAL_INVALID')
  })

  it('takes no key that is none', async () => {
    for (const key of ['', 'AAAA', 'not base64 at all', encodeBase64(new Uint8Array(65))])
      expect((await catchError(() => seal(key, 'openings', message))).code).to.equal('KEY_INVALID')
    const sealed = await seal((await makeSealKeys()).publicKey, 'openings', message)
    expect((await catchError(() => unseal('AAAA', 'openings', sealed))).code).to.equal('KEY_INVALID')
  })
})
