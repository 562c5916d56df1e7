/**
 * Probability that a standard normal value lies further from zero than `z`, on either side: erfc(|z| / sqrt 2) by
 * Abramowitz and Stegun 7.1.26, absolute error below 1.5e-7.
 */
export function twoSidedP(z: number): number {
  const x = Math.abs(z) / Math.SQRT2
  const t = 1 / (1 + 0.3275911 * x)
  const polynomial = t * (0.254829592 + t * (-0.284496736 + t * (1.421413741 + t * (-1.453152027 + t * 1.061405429))))
  return polynomial * Math.exp(-x * x)
}
