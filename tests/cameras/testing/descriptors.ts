/** The descriptors that a device in a test answers with. */

export interface DescriptorOptions {
  ids?: readonly [vendorId: number, productId: number];
  /** bcdDevice. */
  release?: number;
  /** Text, or the whole descriptor; undefined: the device answers nothing. */
  manufacturer?: string | Uint8Array | undefined;
  product?: string | Uint8Array | undefined;
  /** What it speaks. Default: US English. */
  languages?: readonly number[];
}

/** The answer to GET_DESCRIPTOR of the device or of one of its strings; empty where there is none. */
export function descriptorOf(value: number, options: DescriptorOptions): Uint8Array {
  const { ids: [vendorId, productId] = [0x04b4, 0x00f5], release = 0x0309, languages = [0x0409] } = options;
  const empty = new Uint8Array(0);
  switch (value) {
    case 0x0100: {
      const bytes = Uint8Array.of(18, 1, 0, 3, 0, 0, 0, 9, 0, 0, 0, 0, 0, 0, 1, 2, 3, 1);
      const words = new DataView(bytes.buffer);
      [vendorId, productId, release].forEach((word, index) => words.setUint16(8 + 2 * index, word, true));
      return bytes;
    }
    case 0x0300:
      return stringDescriptor(String.fromCharCode(...languages));
    case 0x0301: {
      const { manufacturer = "manufacturer" in options ? empty : "Prophesee" } = options;
      return typeof manufacturer === "string" ? stringDescriptor(manufacturer) : manufacturer;
    }
    case 0x0302: {
      const { product = "product" in options ? empty : "EVK4" } = options;
      return typeof product === "string" ? stringDescriptor(product) : product;
    }
    default:
      return empty;
  }
}

/** A string descriptor: its length, which ends at 255, type 3, UTF-16LE. */
export function stringDescriptor(text: string): Uint8Array {
  const units = Uint16Array.from(text, (_, index) => text.charCodeAt(index));
  const bytes = Uint8Array.of(0, 3, ...new Uint8Array(units.buffer)).subarray(0, 255);
  bytes[0] = bytes.length;
  return bytes;
}
