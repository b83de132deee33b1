/** Loads the native library and the libusb of the first parameter, and prints what came of it. */

import process from "node:process";
import { NeuromorphicError } from "../../src/errors.ts";
import { loadLibusb } from "../../src/usb/libusb.ts";

try {
  const libusb = await loadLibusb(process.argv[2] ?? "virtual");
  const context = libusb.createContext();
  console.log(`${context.devices().length} devices by ${libusb.path}`);
  context.close();
} catch (error) {
  if (!(error instanceof NeuromorphicError)) throw error;
  console.log(`${error.code} in ${error.operation}: ${error.message}`);
}
