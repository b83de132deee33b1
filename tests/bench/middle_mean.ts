/**
 * The mean of the values between the quartiles: interruptions do not change it, as they do not change the median, and it
 * is finer than a coarse clock.
 */
export function middleMean(values: readonly number[]): number {
  const quarter = values.length >> 2;
  const middle = values.toSorted((a, b) => a - b).slice(quarter, values.length - quarter);
  return middle.reduce((sum, value) => sum + value, 0) / middle.length;
}
