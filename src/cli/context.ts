/** What the commands may know of the process around them; `main.ts` makes it, tests make their own. */
export interface CliContext {
  readonly environment: Readonly<Record<string, string | undefined>>
  readonly stdout: Output
  readonly stderr: Output
  /**
   * A signal that aborts at the first Ctrl-C (or SIGTERM) from now on; the second one ends the process at once. Until
   * this is called, Ctrl-C does what it always does.
   */
  interruptSignal(): AbortSignal
}

export interface Output {
  write(text: string): void
  /** A terminal, on which a line may be rewritten and coloured. */
  readonly isTerminal: boolean
  /** Characters per line; 100 where it is no terminal. */
  readonly columns: number
}
