/** Reads PE files, those of Windows (Microsoft's "PE Format"). */

import type { Binary } from "./binary.ts";
import { textAt } from "./text.ts";

const architectures: Readonly<Record<number, Binary["architecture"]>> = { 0x8664: "x64", 0xAA64: "arm64" };

/** Entries of the table of directories. */
const exportTable = 0, importTable = 1;

/** A part of the file, and where it is in memory: all places in the file are told as those. */
interface Section {
  readonly name: string;
  readonly address: number;
  readonly size: number;
  readonly offset: number;
}

/** Reads a library or a program. */
export function readPe(view: DataView): Binary {
  const header = view.getUint32(0x3C, true) + 4;
  const architecture = architectures[view.getUint16(header, true)];
  const optional = header + 20;
  if (architecture === undefined || view.getUint16(optional, true) !== 0x20B) {
    throw new Error("PE for another processor");
  }
  const sections = sectionsOf(view, header);
  const directory = (entry: number) => view.getUint32(optional + 112 + entry * 8, true);
  const symbols = view.getUint32(header + 8, true) === 0 ? [] : ["symbol table"];
  return {
    platform: "win32",
    architecture,
    kind: (view.getUint16(header + 18, true) & 0x2000) === 0 ? "program" : "library",
    exports: exportsOf(view, sections, directory(exportTable)),
    needs: importsOf(view, sections, directory(importTable)),
    debugging: [...symbols, ...sections.map(({ name }) => name).filter((name) => name.startsWith(".debug"))],
    versions: [],
  };
}

function sectionsOf(view: DataView, header: number): Section[] {
  const start = header + 20 + view.getUint16(header + 16, true);
  return Array.from({ length: view.getUint16(header + 2, true) }, (_, index) => {
    const section = start + index * 40;
    // Eight bytes, and a NUL only after a shorter name.
    const name = new Uint8Array(view.buffer, view.byteOffset + section, 8);
    return {
      name: new TextDecoder().decode(name).replace(/\0+$/, ""),
      address: view.getUint32(section + 12, true),
      size: view.getUint32(section + 16, true),
      offset: view.getUint32(section + 20, true),
    };
  });
}

function offsetOf(sections: readonly Section[], address: number): number {
  const section = sections.find((each) => address >= each.address && address < each.address + each.size);
  if (section === undefined) throw new Error(`PE: no section holds address 0x${address.toString(16)}`);
  return address - section.address + section.offset;
}

function exportsOf(view: DataView, sections: readonly Section[], address: number): string[] {
  if (address === 0) return [];
  const table = offsetOf(sections, address);
  const names = offsetOf(sections, view.getUint32(table + 32, true));
  return Array.from({ length: view.getUint32(table + 24, true) }, (_, index) => {
    return textAt(view, offsetOf(sections, view.getUint32(names + index * 4, true)));
  }).sort();
}

/** The table ends with an entry of zeros. */
function importsOf(view: DataView, sections: readonly Section[], address: number): string[] {
  if (address === 0) return [];
  const libraries: string[] = [];
  for (let entry = offsetOf(sections, address); view.getUint32(entry + 12, true) !== 0; entry += 20) {
    libraries.push(textAt(view, offsetOf(sections, view.getUint32(entry + 12, true))));
  }
  return libraries.sort();
}
