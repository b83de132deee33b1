/** Reads Mach-O files, those of macOS (Apple's `mach-o/loader.h` and `mach-o/nlist.h`). */

import type { Binary } from "./binary.ts";
import { textAt } from "./text.ts";

const architectures: Readonly<Record<number, Binary["architecture"]>> = { 0x0100_0007: "x64", 0x0100_000C: "arm64" };
const kinds: Readonly<Record<number, Binary["kind"]>> = { 2: "program", 6: "library" };

/** Types of load commands. */
const symbolTable = 0x2, loadLibrary = 0xC, segment = 0x19, signature = 0x1D, buildVersion = 0x32;
const dyldInfo = 0x8000_0022, exportsTrie = 0x8000_0033;

interface Command {
  readonly type: number;
  readonly offset: number;
}

/** Reads a library or a program. */
export function readMachO(view: DataView): Binary {
  const architecture = architectures[view.getUint32(4, true)];
  const kind = kinds[view.getUint32(12, true)];
  if (architecture === undefined || kind === undefined) throw new Error("Mach-O for another processor or purpose");
  const commands = commandsOf(view);
  const offsetOf = (type: number) => commands.find((command) => command.type === type)?.offset;
  const version = offsetOf(buildVersion);
  return {
    platform: "darwin",
    architecture,
    kind,
    exports: exportsOf(view, offsetOf(exportsTrie), offsetOf(dyldInfo)),
    needs: commands.filter(({ type }) => type === loadLibrary)
      .map(({ offset }) => textAt(view, offset + view.getUint32(offset + 8, true)))
      .sort(),
    debugging: [...debugSegments(view, commands), ...debuggingSymbols(view, offsetOf(symbolTable))],
    versions: [],
    ...(version === undefined ? {} : { oldestSystem: versionText(view.getUint32(version + 12, true)) }),
    isSigned: offsetOf(signature) !== undefined,
  };
}

function commandsOf(view: DataView): Command[] {
  const commands: Command[] = [];
  for (let offset = 32, count = view.getUint32(16, true); count > 0; count--) {
    commands.push({ type: view.getUint32(offset, true), offset });
    offset += view.getUint32(offset + 4, true);
  }
  return commands;
}

/** What dlsym finds: a trie of names. Its place stands in a command of its own, or at the end of an older one. */
function exportsOf(view: DataView, trieCommand: number | undefined, infoCommand: number | undefined): string[] {
  const place = trieCommand !== undefined ? trieCommand + 8 : infoCommand !== undefined ? infoCommand + 40 : undefined;
  if (place === undefined || view.getUint32(place + 4, true) === 0) return [];
  return namesInTrie(view, view.getUint32(place, true), 0, "").map((name) => name.replace(/^_/, "")).sort();
}

/** A node: the length of what it says of the name so far (0: that is no name), that, and its edges. */
function namesInTrie(view: DataView, trie: number, node: number, prefix: string): string[] {
  const terminal = lebAt(view, trie + node);
  const names = terminal.value > 0 ? [prefix] : [];
  let offset = terminal.end + terminal.value;
  const edges = view.getUint8(offset++);
  for (let edge = 0; edge < edges; edge++) {
    const text = textAt(view, offset);
    const child = lebAt(view, offset + text.length + 1);
    names.push(...namesInTrie(view, trie, child.value, prefix + text));
    offset = child.end;
  }
  return names;
}

/** A number of seven bits a byte, the low ones first. */
function lebAt(view: DataView, offset: number): { value: number; end: number } {
  for (let value = 0, shift = 0;; shift += 7) {
    const byte = view.getUint8(offset++);
    value += (byte & 0x7F) * 2 ** shift;
    if (byte < 0x80) return { value, end: offset };
  }
}

function debugSegments(view: DataView, commands: readonly Command[]): string[] {
  return commands.filter(({ type }) => type === segment)
    .map(({ offset }) => textAt(view, offset + 8))
    .filter((name) => name === "__DWARF");
}

/** Symbols whose type has one of these bits tell a debugger of sources. */
const stab = 0xE0;

function debuggingSymbols(view: DataView, command: number | undefined): string[] {
  if (command === undefined) return [];
  const symbols = view.getUint32(command + 8, true);
  const names = view.getUint32(command + 16, true);
  return Array.from({ length: view.getUint32(command + 12, true) }, (_, index) => symbols + index * 16)
    .filter((symbol) => (view.getUint8(symbol + 4) & stab) !== 0)
    .map((symbol) => textAt(view, names + view.getUint32(symbol, true)));
}

function versionText(version: number): string {
  return `${version >>> 16}.${version >>> 8 & 0xFF}`;
}
