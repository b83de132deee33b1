/** Tries to open the camera whose serial is given, and prints how that ended as JSON. */

import process from "node:process";
import { NeuromorphicError, open } from "../../mod.ts";

try {
  const device = await open({ serial: process.argv[2]! });
  device.close();
  console.log(JSON.stringify({ code: "opened", message: "" }));
} catch (error) {
  if (!(error instanceof NeuromorphicError)) throw error;
  console.log(JSON.stringify({ code: error.code, message: error.message }));
}
