import { readdirSync, readFileSync } from "node:fs";

/** The native library's name for it. */
const name = "nd_reader";

/**
 * CPU seconds of the native reader thread so far: the library's own work in it, and that of libusb's event handling,
 * which for the virtual camera is the camera. Undefined where the system does not tell (all but Linux).
 */
export function readerThreadSeconds(): number | undefined {
  try {
    const tasks = readdirSync("/proc/self/task").map((id) => `/proc/self/task/${id}`);
    const readers = tasks.filter((task) => readFileSync(`${task}/comm`, "utf8").trim() === name);
    const nanoseconds = readers.map((task) => Number(readFileSync(`${task}/schedstat`, "utf8").split(" ")[0]));
    return nanoseconds.reduce((sum, part) => sum + part, 0) / 1e9;
  } catch {
    return undefined;
  }
}
