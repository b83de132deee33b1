import { deviceError, type NeuromorphicError } from "../errors.ts";

/**
 * What ended a device: the program (`close()`, the end of its `using` scope, its signal, its own end), or the bus: the
 * camera was unplugged, or its transfers kept failing.
 */
export type Ending =
  | { readonly by: "close" | "dispose" | "exit" | "disconnected" | "io" }
  | { readonly by: "abort"; readonly reason: unknown };

/** Why a device is closed, as the end of a sentence. */
const causes: Readonly<Record<Ending["by"], string>> = {
  close: "close() was called",
  dispose: "its `using` scope ended, or [Symbol.dispose]() was called",
  exit: "the program ends",
  abort: "its signal was aborted",
  disconnected: "the camera was unplugged",
  io: "its USB transfers kept failing",
};

/** What an operation on an ended device throws: "closed", and by what. */
export function closedError(ending: Ending, operation: string, device: string): NeuromorphicError {
  return deviceError("closed", `the device is closed, because ${causes[ending.by]}`, {
    operation,
    device,
    ...("reason" in ending && { cause: ending.reason }),
  });
}

/** What ends a running iteration; undefined where it ends quietly, because the program closed the device. */
export function iterationError(ending: Ending, device: string): { readonly thrown: unknown } | undefined {
  const details = { operation: "read events", device };
  switch (ending.by) {
    case "abort":
      return { thrown: ending.reason };
    case "disconnected":
      return { thrown: deviceError("disconnected", "the camera was unplugged", details) };
    case "io":
      return { thrown: deviceError("io", "the USB transfers keep failing", details) };
    case "close":
    case "dispose":
    case "exit":
      return undefined;
  }
}
