/** Reads ELF files, those of Linux (System V ABI, "Object Files" and "Dynamic Linking"; LSB, "Symbol Versioning"). */

import type { Binary } from "./binary.ts";
import { numberAt, textAt } from "./text.ts";

const architectures: Readonly<Record<number, Binary["architecture"]>> = { 62: "x64", 183: "arm64" };

/** Types of sections. */
const symtab = 2, dynamic = 6, dynsym = 11, verneed = 0x6FFF_FFFE;
/** A tag of the dynamic section: a library that is needed. */
const needed = 1;
/** A type of a segment: the path of the loader, which a program has that is not linked statically. */
const interpreter = 3;

interface Section {
  readonly name: string;
  readonly type: number;
  readonly offset: number;
  readonly size: number;
  /** The section that belongs to it: of symbols, that with their names. */
  readonly link: number;
  readonly entrySize: number;
}

/** Reads a library or a program. */
export function readElf(view: DataView): Binary {
  const machine = view.getUint16(18, true);
  const architecture = architectures[machine];
  if (view.getUint8(4) !== 2 || architecture === undefined) throw new Error(`ELF for machine ${machine}`);
  const sections = sectionsOf(view);
  const isProgram = view.getUint16(16, true) === 2 || hasSegment(view, interpreter);
  return {
    platform: "linux",
    architecture,
    kind: isProgram ? "program" : "library",
    exports: exportsOf(view, sections),
    needs: neededLibraries(view, sections),
    debugging: sections.filter(({ name, type }) => type === symtab || name.startsWith(".debug")).map(({ name }) =>
      name
    ),
    versions: neededVersions(view, sections),
  };
}

function sectionsOf(view: DataView): Section[] {
  const start = numberAt(view, 40);
  const size = view.getUint16(58, true);
  const headers = Array.from({ length: view.getUint16(60, true) }, (_, index) => start + index * size);
  const names = numberAt(view, headers[view.getUint16(62, true)]! + 24);
  return headers.map((header) => ({
    name: textAt(view, names + view.getUint32(header, true)),
    type: view.getUint32(header + 4, true),
    offset: numberAt(view, header + 24),
    size: numberAt(view, header + 32),
    link: view.getUint32(header + 40, true),
    entrySize: numberAt(view, header + 56),
  }));
}

function hasSegment(view: DataView, type: number): boolean {
  const start = numberAt(view, 32);
  const size = view.getUint16(54, true);
  return Array.from({ length: view.getUint16(56, true) }, (_, index) => view.getUint32(start + index * size, true))
    .includes(type);
}

/** The offsets of a section's entries, and the offset of the names that they refer to. */
function entriesOf(sections: readonly Section[], type: number): { entries: number[]; names: number } {
  const section = sections.find((candidate) => candidate.type === type);
  if (section === undefined) return { entries: [], names: 0 };
  const { offset, size, entrySize, link } = section;
  const entries = Array.from({ length: size / entrySize }, (_, index) => offset + index * entrySize);
  return { entries, names: sections[link]!.offset };
}

function exportsOf(view: DataView, sections: readonly Section[]): string[] {
  const { entries, names } = entriesOf(sections, dynsym);
  return entries.filter((entry) => view.getUint32(entry, true) !== 0 && view.getUint16(entry + 6, true) !== 0)
    .map((entry) => textAt(view, names + view.getUint32(entry, true)))
    .sort();
}

function neededLibraries(view: DataView, sections: readonly Section[]): string[] {
  const { entries, names } = entriesOf(sections, dynamic);
  return entries.filter((entry) => numberAt(view, entry) === needed)
    .map((entry) => textAt(view, names + numberAt(view, entry + 8)))
    .sort();
}

/** A list for each library, and in it an entry for each version; both are chained by distances. */
function neededVersions(view: DataView, sections: readonly Section[]): string[] {
  const section = sections.find(({ type }) => type === verneed);
  if (section === undefined) return [];
  const names = sections[section.link]!.offset;
  const versions: string[] = [];
  for (let library = section.offset, next = -1; next !== 0; library += next) {
    for (let version = library + view.getUint32(library + 8, true), step = -1; step !== 0; version += step) {
      versions.push(textAt(view, names + view.getUint32(version + 8, true)));
      step = view.getUint32(version + 12, true);
    }
    next = view.getUint32(library + 12, true);
  }
  return [...new Set(versions)].sort();
}
