import { z } from 'zod'
import { Receipt } from '../order/receipt.ts'
import { ServedReport } from '../order/served.ts'
import type { SignedReceipt, SignedReport } from './records.ts'
import { Signature } from './scalars.ts'

/** A receipt as the service gives it and a trader keeps it: strict, in one spelling. */
export const ReceiptFile = Receipt.extend({ signature: Signature })

/** What `POST /v1/orders` and `fairlead order --json` answer has the receipt inside. */
const Placed = z.looseObject({ receipt: ReceiptFile })

/** The receipt in a file that somebody kept: by itself, or inside the answer that it came with; `undefined` for anything else. */
export function readReceipt(input: unknown): SignedReceipt | undefined {
  return ReceiptFile.safeParse(input).data ?? Placed.safeParse(input).data?.receipt
}

/** A shard's report as it was signed. */
const ReportFile = ServedReport.extend({ signature: Signature })

/** The report in a file that somebody kept; `undefined` for anything else. */
export const readReport = (input: unknown): SignedReport | undefined => ReportFile.safeParse(input).data
