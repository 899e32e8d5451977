import { expect } from 'chai'
import { CodedError } from '../../src/base/error.ts'

/** Runs `act`, expects a coded error and returns it, so that tests look at codes and details instead of prose. */
export async function catchError(act: () => unknown): Promise<CodedError> {
  try {
    await act()
  } catch (error) {
    expect(error).to.be.instanceOf(CodedError)
    // Just checked.
    return error as CodedError
  }
  return expect.fail('expected an error')
}
