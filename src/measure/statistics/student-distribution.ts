/**
 * The value of Student's t at the probability at which a standard normal value is `z`: the expansion of Abramowitz and
 * Stegun, 26.7.5. From 3 degrees of freedom on it is within 1 % for |z| up to 2; below 3 it is taken at 3.
 * @param degreesOfFreedom may be a fraction, or Infinity.
 */
export function studentQuantile(z: number, degreesOfFreedom: number): number {
  if (degreesOfFreedom === Infinity) return z
  const v = Math.max(3, degreesOfFreedom)
  const first = (z ** 3 + z) / 4
  const second = (5 * z ** 5 + 16 * z ** 3 + 3 * z) / 96
  const third = (3 * z ** 7 + 19 * z ** 5 + 17 * z ** 3 - 15 * z) / 384
  return z + first / v + second / v ** 2 + third / v ** 3
}
