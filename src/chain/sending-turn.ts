/** Lets those who send from one account do so one after the other: each asks the node for the account's next nonce, and two at once would be given the same. */
export class SendingTurn {
  #last: Promise<unknown> = Promise.resolve()

  /** Runs `send` when everybody before has sent, or failed to. */
  take<T>(send: () => Promise<T>): Promise<T> {
    const sent = this.#last.then(send)
    this.#last = sent.catch(() => {})
    return sent
  }
}
