import { readingError } from "../../codecs/malformed.ts";
import { recordingError } from "../../errors.ts";
import type { NeuromorphicError } from "../../../errors.ts";
import type { ByteSource } from "../../source.ts";

/** What every HDF5 file begins with. */
export const signature = Uint8Array.of(0x89, 0x48, 0x44, 0x46, 0x0d, 0x0a, 0x1a, 0x0a);

/** The address that stands for none, as a number. */
const undefinedAddress = 2 ** 64;

/** Superblock, version 0: fields up to the root group's entry. */
const superblockBytes = 96;

/** A structure is never larger; what is said to be, is damaged. */
const largestStructure = 1 << 28;

/** The bytes of an HDF5 file by their addresses; errors name the address. */
export class Hdf5File {
  readonly #source: ByteSource;
  readonly #size: number;

  constructor(source: ByteSource) {
    this.#source = source;
    this.#size = source.size!;
  }

  get size(): number {
    return this.#size;
  }

  fail(code: "damaged" | "unsupported", what: string, offset: number): NeuromorphicError {
    return recordingError(code, what, { operation: "read", path: this.#source.name, offset });
  }

  /** The error of a recording for what reading a part threw. */
  reading(error: unknown, part: string, offset: number): unknown {
    return readingError(error, part, { operation: "read", path: this.#source.name, offset });
  }

  /** A copy of bytes, which must all be there. */
  async bytes(address: number, length: number, what: string): Promise<Uint8Array<ArrayBuffer>> {
    if (!(address >= 0) || !Number.isSafeInteger(address) || length > largestStructure) {
      throw this.fail("damaged", `${what} of ${length} bytes stands at ${address}`, 0);
    }
    const missing = address + length - this.#size;
    if (missing > 0) {
      const at = Math.min(address, this.#size);
      throw this.fail("damaged", `truncated: ${what} ends ${missing} bytes behind the end of the file`, at);
    }
    const bytes = await this.#source.read(address, length);
    if (bytes.length < length) throw this.fail("damaged", `truncated: the file ends in ${what}`, address);
    return bytes.slice();
  }

  async view(address: number, length: number, what: string): Promise<DataView<ArrayBuffer>> {
    return new DataView((await this.bytes(address, length, what)).buffer);
  }
}

/** What the superblock says. */
export interface Superblock {
  /** How long the file is when it is complete. */
  readonly endOfFile: number;
  /** Where the object header of the root group stands. */
  readonly rootAddress: number;
}

/** Reads the beginning of a file, and checks that it is one of those that this reader knows. */
export async function readSuperblock(file: Hdf5File): Promise<Superblock> {
  const view = await file.view(0, Math.min(file.size, superblockBytes), "the superblock");
  const isHdf5 = view.byteLength >= signature.length && signature.every((byte, at) => view.getUint8(at) === byte);
  if (!isHdf5) throw file.fail("damaged", "is no HDF5 file", 0);
  if (view.byteLength < superblockBytes) throw file.fail("damaged", "truncated: the file ends in the superblock", 0);
  const version = view.getUint8(8);
  if (version > 0) {
    throw file.fail("unsupported", `HDF5 with superblock version ${version}, and Metavision writes 0`, 8);
  }
  if (view.getUint8(13) !== 8 || view.getUint8(14) !== 8) {
    throw file.fail("unsupported", "HDF5 with addresses that have not 8 bytes", 13);
  }
  if (addressAt(view, 24) !== 0) throw file.fail("unsupported", "HDF5 behind a user block", 24);
  return { endOfFile: addressAt(view, 40), rootAddress: addressAt(view, 64) };
}

/** An address or a length: u64. Those beyond 2^53 are no addresses, and inexact. */
export function addressAt(view: DataView, at: number): number {
  return view.getUint32(at, true) + view.getUint32(at + 4, true) * 2 ** 32;
}

/** Whether an address is that of nothing: 64 ones. */
export function isNowhere(address: number): boolean {
  return address >= undefinedAddress;
}

/** Text up to a NUL. */
export function textAt(bytes: Uint8Array, at: number): string {
  const end = bytes.indexOf(0, at);
  return new TextDecoder().decode(bytes.subarray(at, end === -1 ? bytes.length : end));
}
