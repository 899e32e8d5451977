/** The service's clock: µs since the Unix epoch, as receipts and batches have them. Tests bring their own. */
export type Clock = () => bigint

/** The system's clock. It may step back; whoever needs growing times takes care of that. */
export const systemClock: Clock = () => BigInt(Date.now()) * 1000n
