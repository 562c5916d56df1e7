/**
 * What "none seen" proves: with 0 events in N independent trials the true rate is, at 95 %, below 1 - 0.05^(1/N), for
 * which 3/N stands from about N = 30 on (the rule of three: Hanley and Lippman-Hand, JAMA 249, 1983; method.md R6.4).
 */

/** The exact bound, a share in (0, 1]; 1 of no trial. */
export function exactRateBound(trials: number): number {
  return trials <= 0 ? 1 : -Math.expm1(Math.log(0.05) / trials)
}

/** 3/N, never below the exact bound; at most 1. */
export function ruleOfThree(trials: number): number {
  return trials <= 3 ? 1 : 3 / trials
}

/** Units of a small share, largest first. */
const UNITS = [
  { per: 100, name: '%', least: 0.01 },
  { per: 1e6, name: 'per million', least: 1e-6 },
  { per: 1e9, name: 'per billion', least: 0 },
] as const

/**
 * "0 of 1,000,000 lost: below 3 per million at 95 %"; the bound is the rule of three, two digits, rounded up. Where
 * something was seen, only the count: "12 of 1,000,000 lost".
 * @param what the event as a participle: lost, duplicated.
 */
export function rateBoundText(seen: number, trials: number, what: string): string {
  const counted = `${grouped(seen)} of ${grouped(trials)} ${what}`
  if (seen > 0 || trials === 0) return counted
  const bound = ruleOfThree(trials)
  if (bound === 1) return `${counted}: too few to bound the rate`
  const unit = UNITS.find(({ least }) => bound >= least) ?? UNITS[2]
  return `${counted}: below ${roundedUp(bound * unit.per)} ${unit.name} at 95 %`
}

function grouped(count: number): string {
  return count.toLocaleString('en-US')
}

/** Up to the next number of two digits, so that the sentence stays true; what floating point added is taken off first. */
function roundedUp(value: number): string {
  const step = 10 ** (Math.floor(Math.log10(value)) - 1)
  return String(Number((Math.ceil(Number((value / step).toPrecision(12))) * step).toPrecision(2)))
}
