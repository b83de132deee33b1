/** What the tests want to know of a library or a program in any of the formats. */

import { readElf } from "./elf.ts";
import { readMachO } from "./macho.ts";
import { readPe } from "./pe.ts";

/** A library or a program for one platform. */
export interface Binary {
  /** As in `process.platform`. */
  readonly platform: "linux" | "darwin" | "win32";
  /** As in `process.arch`. */
  readonly architecture: "x64" | "arm64";
  readonly kind: "library" | "program";
  /** The names of the functions that it offers, sorted. */
  readonly exports: readonly string[];
  /** The names of the libraries that it needs, sorted. */
  readonly needs: readonly string[];
  /** What is in it for debuggers only: names of sections, and tables of symbols. */
  readonly debugging: readonly string[];
  /** On Linux, the versions of the symbols that it needs, sorted, for example `GLIBC_2.2.5`. */
  readonly versions: readonly string[];
  /** On macOS, the oldest system that loads it, for example `11.0`. */
  readonly oldestSystem?: string;
  /** On macOS, whether it has a signature, without which no arm64 loads it. */
  readonly isSigned?: boolean;
}

/** Reads a file of 64 bits, little endian, as all platforms of today have it. Throws where it is another one. */
export function readBinary(bytes: Uint8Array): Binary {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const magic = view.getUint32(0, true);
  if (magic === 0x464C_457F) return readElf(view);
  if (magic === 0xFEED_FACF) return readMachO(view);
  if ((magic & 0xFFFF) === 0x5A4D) return readPe(view);
  throw new Error(`neither ELF, Mach-O nor PE: it begins with 0x${magic.toString(16)}`);
}
