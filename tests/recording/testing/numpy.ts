/** Arrays of NumPy, made by hand. */

/** An array with any header, as version 1, 2 or 3. */
export function array(header: string, data: Uint8Array, version = 1): Uint8Array {
  const text = new TextEncoder().encode(`${header}\n`);
  const length = version === 1 ? [text.length & 0xff, text.length >> 8] : [text.length & 0xff, text.length >> 8, 0, 0];
  return new Uint8Array([0x93, ...new TextEncoder().encode("NUMPY"), version, 0, ...length, ...text, ...data]);
}

/** The header of a list of so many elements. */
export const headerOf = (descr: string, count: number) =>
  `{'descr': ${descr}, 'fortran_order': False, 'shape': (${count},), }`;

/** A list of numbers, little-endian. */
export function column(code: string, values: readonly number[]): Uint8Array {
  const size = Number(code.at(-1));
  const view = new DataView(new ArrayBuffer(size * values.length));
  values.forEach((value, i) => {
    if (code.includes("f8")) view.setFloat64(i * size, value, true);
    else if (size === 8) view.setBigInt64(i * size, BigInt(value), true);
    else if (size === 2) view.setUint16(i * size, value, true);
    else view.setUint8(i * size, value);
  });
  return array(headerOf(`'${code}'`, values.length), new Uint8Array(view.buffer));
}

/** Two events, and their columns. */
export const events = [[1000, 3, 5, 1], [1001, 4, 6, 0]] as const;

/** The members of an archive with them. */
export const columns = () => ({
  "t.npy": column("<i8", [1000, 1001]),
  "x.npy": column("<u2", [3, 4]),
  "y.npy": column("<u2", [5, 6]),
  "p.npy": column("|u1", [1, 0]),
});
