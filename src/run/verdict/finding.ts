import type { Reason, VerdictKind } from '../../result/result.ts'

/** One check: the reasons it found, and the verdict that it forces if it found any. */
export interface Finding {
  readonly check: string
  readonly kind: VerdictKind
  readonly reasons: readonly Reason[]
}

/** A reason when `count` is not zero. */
export function none(count: number, code: string, what: string): Reason[] {
  return count === 0 ? [] : [reason(code, `${count} ${what}`, count)]
}

/** A reason of a count that should be 0. */
export function reason(code: string, text: string, figure: number): Reason {
  return { code, text, figure, limit: 0 }
}
