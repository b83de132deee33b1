/** The tables of `ffi/abi.ts` against the types that the loaded library was compiled from. */

import assert from "node:assert/strict";
import { abiVersion, blockIndex, blockLength, blocks, endReasons, formats, statuses } from "../../ffi/abi.ts";
import { loadNative } from "../../src/native/native.ts";
import { readNativeText } from "../../src/native/text.ts";
import { test } from "../support/test.ts";

const native = await loadNative();
const layout = JSON.parse(readNativeText(native.symbols.nd_abi_layout, "describe interface"));

test("the version is the library's", {}, () => {
  assert.equal(layout.version, abiVersion);
  assert.equal(native.symbols.nd_abi_version(), abiVersion);
});

test("statuses, end reasons and formats are the library's", {}, () => {
  assert.deepEqual(statuses, layout.statuses);
  assert.deepEqual(endReasons, layout.end_reasons);
  assert.deepEqual(formats, layout.formats);
});

test("blocks have the library's fields in the library's order", {}, () => {
  assert.deepEqual(blocks, layout.blocks);
});

test("a field's index is its position, and a report has room for its table of gaps", {}, () => {
  assert.deepEqual(blockIndex("stream_opened"), { handle: 0, libusb_error: 1, dma_slots: 2 });
  assert.equal(blockIndex("report").gap, blocks.report.length - 1);
  assert.equal(blockLength("report"), 15 + 16 * 5);
  assert.equal(blockLength("stream_options"), blocks.stream_options.length);
});
