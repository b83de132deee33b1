/**
 * Opens the virtual camera and ends, or goes on, in the way that the first parameter says; tells at its last moment
 * whether the camera was let go.
 */

import { writeSync } from "node:fs";
import process from "node:process";
import { open } from "../../mod.ts";
import { openVirtualLibrary } from "../../src/native/libusb_library.ts";
import { loadNative } from "../../src/native/native.ts";
import { readNativeText } from "../../src/native/text.ts";

const { symbols } = openVirtualLibrary(await loadNative());

/** `describeVirtualBus` needs an await, and there is none any more. (The device is named to be remembered till then.) */
function tell(): void {
  const { claims, cameras } = JSON.parse(readNativeText(symbols.nd_virtual_describe, "describe virtual bus"));
  writeSync(
    1,
    `${device.closed ? "closed" : "open"}, ${claims} claimed, ${cameras[0].streaming ? "streaming" : "stopped"}\n`,
  );
}

const device = await open({ libusb: "virtual" });
await device[Symbol.asyncIterator]().next();

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
