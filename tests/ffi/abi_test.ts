/** The tables of `ffi/abi.ts` and `ffi/symbols.ts` against the types that the loaded libraries were compiled from. */

import assert from "node:assert/strict";
import {
  abiVersion,
  accumulatorKinds,
  blockIndex,
  blockLength,
  blocks,
  encoderFaults,
  endReasons,
  fileFailures,
  formats,
  kinds as kindNames,
  readerPriorities,
  recordingEnds,
  statuses,
} from "../../ffi/abi.ts";
import { loadAdapter } from "../../ffi/load.ts";
import { nativeSymbols, type NativeType, type SymbolTable, virtualSymbols } from "../../ffi/symbols.ts";
import { loadNative } from "../../src/native/native.ts";
import { frameFormats, kinds } from "../../src/packets/kinds.ts";
import { readNativeText } from "../../src/native/text.ts";
import { virtualLibraryPath } from "../support/libraries.ts";
import { test } from "../support/test.ts";

const native = await loadNative();
const layout = JSON.parse(readNativeText(native.symbols.nd_abi_layout, "describe interface"));

test("the version is the library's", {}, () => {
  assert.equal(layout.version, abiVersion);
  assert.equal(native.symbols.nd_abi_version(), abiVersion);
});

test("statuses, end reasons, priorities, formats, faults and kinds of accumulators are the library's", {}, () => {
  assert.deepEqual(statuses, layout.statuses);
  assert.deepEqual(endReasons, layout.end_reasons);
  assert.deepEqual(readerPriorities, layout.reader_priorities);
  assert.deepEqual(formats, layout.formats);
  assert.deepEqual(accumulatorKinds, layout.accumulator_kinds);
  assert.deepEqual(encoderFaults, layout.encoder_faults);
  assert.deepEqual(recordingEnds, layout.recording_ends);
  assert.deepEqual(fileFailures, layout.file_failures);
});

/** The names of an object's properties and of those inside it, in their order, which `deepEqual` does not look at. */
function inOrder(table: object): unknown[] {
  return Object.entries(table).map(([name, value]) => [name, typeof value === "object" ? inOrder(value) : value]);
}

test("blocks have the library's fields, in the library's order and as long as there", {}, () => {
  assert.deepEqual(inOrder(blocks), inOrder(layout.blocks));
});

test("kinds of events have the library's columns, in the library's order and of its types", {}, () => {
  const camelCase = (name: string) => name.replaceAll(/_([a-z])/g, (_, letter) => letter.toUpperCase());
  const ofLibrary = Object.entries(layout.kinds).map(([kind, columns]) => [
    kind,
    Object.entries(columns as object).map(([column, element]) => [camelCase(column), element]),
  ]);
  assert.deepEqual(inOrder(kinds), ofLibrary);
  assert.deepEqual(kindNames, Object.keys(kinds));
  assert.deepEqual(frameFormats, layout.frame_formats);
});

test("a field's index is where the fields before it end, tables among them", {}, () => {
  assert.deepEqual(blockIndex("stream_opened"), { handle: 0, libusb_error: 1 });
  assert.deepEqual(blockIndex("gap"), { index: 0, byte_index: 5, transfers: 6, bytes: 7, silence_us: 8, jump_us: 9 });
  assert.equal(blockIndex("report").consumed_bytes, 5);
  assert.equal(blockLength("gap"), 10);
  assert.equal(blockLength("report"), blockIndex("report").gap + 16 * 10);
});

/** What a type of `ffi/symbols.ts` may be called with: a wider or a narrower one would pass bytes of something else. */
const zigTypes: Readonly<Record<NativeType, readonly string[]>> = {
  u8: ["u8"],
  u16: ["u16"],
  u32: ["u32"],
  i32: ["i32"],
  address: ["usize", "pointer"],
  buffer: ["pointer"],
  void: ["void"],
};

/** A library's own signatures, by name. */
type Signatures = Readonly<Record<string, { readonly parameters: readonly string[]; readonly result: string }>>;

/** The table as it would be right: every type that the library does not have there is replaced by the library's. */
function corrected(table: SymbolTable, signatures: Signatures): SymbolTable {
  const correct = (type: NativeType | undefined, zig: string) => {
    return type !== undefined && zigTypes[type].includes(zig) ? type : zig as NativeType;
  };
  return Object.fromEntries(
    Object.entries(table).map(([name, { parameters, result }]) => {
      const { parameters: zigParameters, result: zigResult } = signatures[name]!;
      return [name, {
        parameters: zigParameters.map((zig, index) => correct(parameters[index], zig)),
        result: correct(result, zigResult),
      }];
    }),
  );
}

test("every export is in the table, and every type is as wide as the library's", {}, () => {
  assert.deepEqual(Object.keys(nativeSymbols).sort(), Object.keys(layout.signatures).sort());
  assert.deepEqual(nativeSymbols, corrected(nativeSymbols, layout.signatures));
});

test("so are the types of libusb's functions, as the virtual camera's library has them", {}, async () => {
  const { symbols } = (await loadAdapter()).openLibrary(virtualLibraryPath, {
    nd_virtual_layout: { parameters: ["buffer", "u32"], result: "i32" },
  });
  const signatures: Signatures = JSON.parse(readNativeText(symbols.nd_virtual_layout, "describe exports"));
  // It returns a count as ssize_t, of which the lower half is enough.
  const { libusb_get_device_list, ...rest } = virtualSymbols;
  assert.equal(signatures.libusb_get_device_list!.result, "isize");
  assert.deepEqual(rest, corrected(rest, signatures));
  assert.deepEqual(
    libusb_get_device_list.parameters,
    corrected({ libusb_get_device_list }, signatures).libusb_get_device_list!.parameters,
  );
});
