/** Opens a camera while the system starts no thread, and again when it does; tells what came of it. Linux only. */

import process from "node:process";
import { configureVirtualBus, describeVirtualBus, type NeuromorphicError, open } from "../../mod.ts";
import { loadNative } from "../../src/native/native.ts";

const RLIMIT_NPROC = 6;
/** Of an unprivileged user: the limit means nothing to root. */
const UNPRIVILEGED = 65_534;

const native = await loadNative();
const { symbols: libc } = native.adapter.openLibrary("libc.so.6", {
  getrlimit: { parameters: ["i32", "buffer"], result: "i32" },
  setrlimit: { parameters: ["i32", "buffer"], result: "i32" },
  setuid: { parameters: ["u32"], result: "i32" },
});
await configureVirtualBus(); // loads the library
if (process.getuid!() === 0 && libc.setuid(UNPRIVILEGED) !== 0) throw new Error("this process stays root's");

const limits = new BigUint64Array(2); // soft, hard
if (libc.getrlimit(RLIMIT_NPROC, limits) !== 0) throw new Error("no limit is known");
const [usual] = limits;

function limitThreads(soft: bigint): void {
  limits[0] = soft;
  if (libc.setrlimit(RLIMIT_NPROC, limits) !== 0) throw new Error("the limit cannot be set");
}

// Only around the one native call: the runtime needs threads of its own at any time.
const symbols = native.symbols as { nd_stream_open: (typeof native.symbols)["nd_stream_open"] };
const openStream = symbols.nd_stream_open;
symbols.nd_stream_open = (...parameters) => {
  limitThreads(1n);
  try {
    return openStream(...parameters);
  } finally {
    limitThreads(usual!);
  }
};
let error: NeuromorphicError | undefined;
try {
  (await open({ libusb: "virtual" })).close();
} catch (thrown) {
  error = thrown as NeuromorphicError;
}
const { contexts, handles, claims, transfersAllocated, cameras } = await describeVirtualBus();

symbols.nd_stream_open = openStream;
await using device = await open({ libusb: "virtual" });
let bytes = 0;
for await (const { status } of device) if ((bytes += status.bytes) > 0) break;

console.log(JSON.stringify({
  code: error?.code,
  message: error?.message,
  left: { contexts, handles, claims, transfersAllocated, streaming: cameras[0]!.streaming },
  opensAgain: bytes > 0,
}));
