import { ClientError } from '../../client/error.ts'
import { orderFromJson, type PreparedOrder } from '../../client/prepare.ts'
import { CliError } from '../shared/exit.ts'
import { readText } from '../shared/files.ts'

/** A trader's own order, as `fairlead order --save` and the client keep it. @throws CliError FILE_UNREADABLE, JSON_INVALID. */
export async function readOwnOrder(file: string): Promise<PreparedOrder> {
  const text = await readText(file)
  try {
    return orderFromJson(text)
  } catch (cause) {
    if (!(cause instanceof ClientError)) throw cause
    throw new CliError('JSON_INVALID', `${file} holds no order with its opening: ${cause.message}`, { cause })
  }
}
