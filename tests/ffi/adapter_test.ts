/** What every runtime's adapter must do; the same tests run under each. */

import assert from "node:assert/strict";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import process from "node:process";
import { loadAdapter } from "../../ffi/load.ts";
import { LoadFailure, type LoadFailureReason } from "../../ffi/load_failure.ts";
import { nativeSymbols, type SymbolTable } from "../../ffi/symbols.ts";
import { echoLibraryPath, nativeLibraryPath } from "../support/libraries.ts";
import { runtime, test } from "../support/test.ts";

const adapter = await loadAdapter();

const echoSymbols = {
  nd_echo_u8: { parameters: ["u8"], result: "u8" },
  nd_echo_u16: { parameters: ["u16"], result: "u16" },
  nd_echo_u32: { parameters: ["u32"], result: "u32" },
  nd_echo_i32: { parameters: ["i32"], result: "i32" },
  nd_echo_address: { parameters: ["address"], result: "address" },
  nd_echo_buffer: { parameters: ["buffer"], result: "address" },
  nd_echo_nothing: { parameters: [], result: "void" },
  nd_echo_many: {
    parameters: ["u8", "u16", "u32", "i32", "address", "u8", "i32", "u16", "address", "buffer"],
    result: "i32",
  },
} as const satisfies SymbolTable;

const { path, symbols: echo } = adapter.openLibrary(echoLibraryPath, echoSymbols);
const { symbols: native } = adapter.openLibrary(nativeLibraryPath, nativeSymbols);

test("the adapter is the runtime's own, and a library knows its path", {}, () => {
  assert.equal(adapter.runtime, runtime);
  assert.equal(path, echoLibraryPath);
});

test("integers of every type pass at their limits", {}, () => {
  for (const value of [0, 1, 0x7f, 0x80, 0xff]) assert.equal(echo.nd_echo_u8(value), value);
  for (const value of [0, 0x7fff, 0x8000, 0xffff]) assert.equal(echo.nd_echo_u16(value), value);
  for (const value of [0, 0x7fffffff, 0x80000000, 0xffffffff]) assert.equal(echo.nd_echo_u32(value), value);
  for (const value of [0, 1, -1, 0x7fffffff, -0x80000000]) assert.equal(echo.nd_echo_i32(value), value);
});

test("addresses are bigints in and out, also where a number could hold them", {}, () => {
  const limits = [0n, 1n, 0xffff_ffffn, 2n ** 53n - 1n, 2n ** 53n, 2n ** 63n - 1n, 2n ** 63n, 2n ** 64n - 1n];
  for (const value of limits) assert.equal(echo.nd_echo_address(value), value);
});

test("a function without a result gives undefined", {}, () => {
  assert.equal(echo.nd_echo_nothing(), undefined);
});

test("ten parameters of mixed types arrive in their places", {}, () => {
  const output = new Float64Array(9);
  const result = echo.nd_echo_many(255, 65535, 4294967295, -1, 2n ** 52n, 1, -2147483648, 2, 3n, output);
  assert.equal(result, -1);
  assert.deepEqual([...output], [255, 65535, 4294967295, -1, 2 ** 52, 1, -2147483648, 2, 3]);
});

test("null is NULL", {}, () => {
  assert.equal(echo.nd_echo_buffer(null), 0n);
});

test("a view of any type is passed at its own offset", {}, () => {
  const buffer = new ArrayBuffer(64);
  const start = echo.nd_echo_buffer(new Uint8Array(buffer));
  assert.notEqual(start, 0n);
  const views = [
    new Uint8Array(buffer, 3, 5),
    new Int32Array(buffer, 4, 2),
    new Float64Array(buffer, 8, 1),
    new BigUint64Array(buffer, 16),
    new DataView(buffer, 31),
  ];
  for (const view of views) {
    assert.equal(echo.nd_echo_buffer(view) - start, BigInt(view.byteOffset), view.constructor.name);
  }
});

test("native code reads and writes a view's bytes in place, and no others", {}, () => {
  const source = Uint8Array.from({ length: 32 }, (_, index) => index + 1);
  const output = new Uint8Array(32);
  const address = echo.nd_echo_buffer(source.subarray(4));
  assert.equal(native.nd_memory_copy(address, 8, output.subarray(10, 18)), 0);
  assert.deepEqual([...output], [...new Uint8Array(10), 5, 6, 7, 8, 9, 10, 11, 12, ...new Uint8Array(14)]);
});

test("an empty view is passed as an address that is not read", {}, () => {
  assert.equal(typeof echo.nd_echo_buffer(new Uint8Array(0)), "bigint");
  assert.equal(native.nd_memory_copy(0n, 0, new Uint8Array(0)), 0);
});

test("a library opened twice is the same", {}, () => {
  const again = adapter.openLibrary(echoLibraryPath, { nd_echo_u8: echoSymbols.nd_echo_u8 });
  assert.equal(again.symbols.nd_echo_u8(200), 200);
});

function assertRefused(libraryPath: string, table: SymbolTable, reason: LoadFailureReason): void {
  assert.throws(() => adapter.openLibrary(libraryPath, table), (error) => {
    assert.ok(error instanceof LoadFailure, String(error));
    assert.equal(error.reason, reason, error.message);
    assert.equal(error.path, libraryPath);
    return true;
  });
}

test("a missing file is refused as missing", {}, () => {
  assertRefused(`${echoLibraryPath}.missing`, echoSymbols, "missing");
});

test("a missing function is refused as such when the library is loaded", {}, () => {
  assertRefused(echoLibraryPath, { nd_no_such_function: { parameters: [], result: "void" } }, "symbol");
});

const skipWithoutElf = process.platform === "linux" ? undefined : "libraries are no ELF files here";

/** Copies of a library with one byte of the ELF header changed. */
const foreignLibraries = [
  { name: "another processor", offset: 18, value: 8 }, // e_machine: MIPS
  { name: "32 bits", offset: 4, value: 1 }, // EI_CLASS: ELFCLASS32
  { name: "another byte order", offset: 5, value: 2 }, // EI_DATA: ELFDATA2MSB
];
for (const { name, offset, value } of foreignLibraries) {
  test(`a library for ${name} is refused as of another architecture`, { skip: skipWithoutElf }, () => {
    withFile("foreign.so", (foreign) => {
      const bytes = readFileSync(echoLibraryPath);
      bytes[offset] = value;
      writeFileSync(foreign, bytes);
      assertRefused(foreign, echoSymbols, "architecture");
    });
  });
}

test("a file that is no library is refused as of another architecture", { skip: skipWithoutElf }, () => {
  withFile("text.so", (text) => {
    writeFileSync(text, "This is no library, but is as long as one's header has to be, or the loader says so.\n");
    assertRefused(text, echoSymbols, "architecture");
  });
});

function withFile(name: string, use: (path: string) => void): void {
  const folder = mkdtempSync(join(tmpdir(), "neuromorphic_drivers_"));
  try {
    use(join(folder, name));
  } finally {
    rmSync(folder, { recursive: true });
  }
}

test("memory for packets is of the wanted length, nothing else's, and can be transferred", {}, () => {
  for (const length of [0, 1, 13, 100, 4096, 65_536, 1_000_000]) {
    const buffers = [adapter.allocate(length), adapter.allocate(length)];
    for (const buffer of buffers) {
      assert.ok(buffer instanceof ArrayBuffer);
      assert.equal(buffer.byteLength, length);
    }
    const [first, second] = buffers;
    new Uint8Array(second!).fill(7);
    const moved = structuredClone(first!, { transfer: [first!] });
    assert.deepEqual([first!.byteLength, moved.byteLength, second!.byteLength], [0, length, length]);
    new Uint8Array(moved).fill(1);
    assert.ok(new Uint8Array(second!).every((byte) => byte === 7));
  }
  adapter.expectReuse();
  adapter.expectReuse();
});
