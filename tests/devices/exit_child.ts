/**
 * Opens two virtual cameras and ends, or goes on, in the way that the first parameter says; tells at its last moment
 * whether the cameras were let go.
 */

import { writeSync } from "node:fs";
import process from "node:process";
import { configureVirtualBus, open } from "../../mod.ts";
import { openVirtualLibrary } from "../../src/native/libusb_library.ts";
import { loadNative } from "../../src/native/native.ts";
import { readNativeText } from "../../src/native/text.ts";

const { symbols } = openVirtualLibrary(await loadNative());

/** `describeVirtualBus` needs an await, and there is none any more. (Naming the devices keeps them until then.) */
function tell(): void {
  const { claims, cameras } = JSON.parse(readNativeText(symbols.nd_virtual_describe, "describe virtual bus"));
  const closed = devices.filter((device) => device.closed).length;
  const streaming = cameras.filter((camera: { streaming: boolean }) => camera.streaming).length;
  writeSync(1, `${closed} closed, ${claims} claimed, ${streaming} streaming\n`);
}

const serials = ["00000001", "00000002"];
await configureVirtualBus(serials.map((serial) => ({ serial })));
const devices = await Promise.all(serials.map((serial) => open({ libusb: "virtual", serial })));
await Promise.all(devices.map((device) => device[Symbol.asyncIterator]().next()));

// After the library's own listeners. Under Deno "exit" does not come after an uncaught error.
process.on("exit", tell);
if ("Deno" in globalThis) {
  for (const type of ["error", "unhandledrejection"]) {
    globalThis.addEventListener(type, tell);
  }
}

switch (process.argv[2]) {
  case "end":
    break;
  case "exit":
    process.exit(3);
    break;
  case "throw":
    setTimeout(() => {
      throw new Error("this is not caught");
    });
    break;
  case "reject":
    Promise.reject(new Error("this is not caught"));
    break;
  case "throw at the top":
    throw new Error("this is not caught");
  case "handle":
    process.on("uncaughtException", tell);
    setTimeout(() => {
      throw new Error("this is caught");
    });
    break;
}
