/** The end of one run of an exchange: all messages through, or the first thing that went wrong, or time is up. */
export class Completion {
  readonly #timeoutMs: number
  #timer: NodeJS.Timeout | null = null
  #settle: ((cause: Error | null) => void) | null = null
  #failure: Error | null = null

  constructor(timeoutMs: number) {
    this.#timeoutMs = timeoutMs
  }

  /** @param state what to say when time is up: how far it came. */
  begin(state: () => string): Promise<void> {
    return new Promise((resolve, reject) => {
      this.#settle = (cause) => {
        if (this.#timer !== null) clearTimeout(this.#timer)
        this.#settle = null
        if (cause === null) resolve()
        else reject(cause)
      }
      this.#timer = setTimeout(() => {
        this.fail(new Error(`not done within ${this.#timeoutMs / 1000} s: ${state()}`))
      }, this.#timeoutMs)
      if (this.#failure !== null) this.#settle(this.#failure)
    })
  }

  done(): void {
    this.#settle?.(null)
  }

  /** The run that is under way ends, and every later one fails at once. */
  fail(cause: Error): void {
    this.#failure ??= cause
    this.#settle?.(cause)
  }
}
