/** One thing wrong with what the user gave: where (`load.inFlight`, `--rate`), and one sentence that says what to do. */
export interface Problem {
  readonly path: string
  readonly text: string
}

/** Thrown by everything that refuses input before any load; all problems at once. Exit 64. */
export class UsageError extends Error {
  override readonly name = 'UsageError'
  readonly problems: readonly Problem[]

  constructor(problems: readonly Problem[]) {
    super(
      problems.map((problem) => (problem.path === '' ? problem.text : `${problem.path}: ${problem.text}`)).join('\n'),
    )
    this.problems = problems
  }
}
