/** Numbers as people read them. */

/** `1,234,567`. */
export function grouped(value: number): string {
  return value.toLocaleString("en-US");
}

/** A count with its noun: `1 gap`, `1,234 gaps`. */
export function counted(count: number, one: string, many = `${one}s`): string {
  return `${grouped(count)} ${count === 1 ? one : many}`;
}

const prefixes = ["", "k", "M", "G", "T"] as const;

/** Three digits with a prefix: `12.3 MB`, `999 B`. */
export function scaled(value: number, unit: string): string {
  let power = 0;
  let scaledValue = value;
  while (scaledValue >= 999.5 && power < prefixes.length - 1) {
    scaledValue /= 1000;
    power++;
  }
  const digits = power === 0 || scaledValue >= 99.95 ? 0 : scaledValue >= 9.995 ? 1 : 2;
  return `${scaledValue.toFixed(digits)} ${prefixes[power]}${unit}`;
}
