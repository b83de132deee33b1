import assert from "node:assert/strict";
import { explainLoadFailure, type LoadFailureReason } from "../../ffi/load_failure.ts";
import { test } from "../support/test.ts";

/** What loaders say, as the runtimes pass it on. */
const said: readonly (readonly [string, LoadFailureReason])[] = [
  // glibc
  ["Could not open library: /a.so: cannot open shared object file: No such file or directory", "missing"],
  ["/a.so: wrong ELF class: ELFCLASS32", "architecture"],
  ["/a.so: cannot open shared object file: Permission denied", "permission"],
  ["/a.so: undefined symbol: nd_abi_version", "symbol"],
  // musl
  ["Error loading shared library /a.so: No such file or directory", "missing"],
  ["Error loading shared library /a.so: Exec format error", "architecture"],
  // dyld
  ["dlopen(/a.dylib, 0x0005): tried: '/a.dylib' (no such file)", "missing"],
  [
    "dlopen(/a.dylib): tried: '/a.dylib' (mach-o file, but is an incompatible architecture (have 'x86_64'))",
    "architecture",
  ],
  ["dlopen(/a.dylib): tried: '/a.dylib' (not a mach-o file)", "architecture"],
  ["dlsym(0x8, nd_abi_version): symbol not found", "symbol"],
  // Windows, as Deno, Bun and koffi write it
  ["Could not open library: The specified module could not be found. (os error 126)", "missing"],
  ["Failed to load shared library: %1 is not a valid Win32 application.", "architecture"],
  ["LoadLibrary failed: error 193", "architecture"],
  // runtimes about functions
  ['Symbol "nd_abi_version" not found in "/a.so"', "symbol"],
  ["Cannot find function 'nd_abi_version' in shared library", "symbol"],
  // Deno's sandbox
  ['Requires ffi access to "/a.so", run again with the --allow-ffi flag', "permission"],
  ["something new", "other"],
];

for (const [message, reason] of said) {
  test(`"${message}" means ${reason}`, {}, () => {
    const failure = explainLoadFailure("/a.so", new Error(message));
    assert.equal(failure.reason, reason);
    assert.equal(failure.message, message);
  });
}
