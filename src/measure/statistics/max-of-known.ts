/** The largest of those that are known; null where none is. Hours have thousands of seconds: any number of them. */
export function maxOfKnown(values: readonly (number | null)[]): number | null {
  return values.reduce((most, value) => (value === null ? most : Math.max(most ?? value, value)), null)
}
