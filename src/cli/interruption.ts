import process from "node:process";
import { constants } from "node:os";

/** A signal asked the program to end. */
export class Interrupted extends Error {
  /** As shells tell of a program that a signal has ended: 128 and the signal's number. */
  readonly exitStatus: number;

  constructor(signal: NodeJS.Signals) {
    super(`ended by ${signal}`);
    this.name = "Interrupted";
    this.exitStatus = 128 + constants.signals[signal];
  }
}

/** Ctrl-C; `kill`; a terminal that closes, which Windows tells of in another way. */
const signals: readonly NodeJS.Signals[] = process.platform === "win32"
  ? ["SIGINT", "SIGTERM"]
  : ["SIGINT", "SIGTERM", "SIGHUP"];

/**
 * Does some work with an `AbortSignal`, which the first signal to end the program aborts with {@link Interrupted}. The
 * second one ends the program at once.
 */
export async function interruptible<Result>(work: (signal: AbortSignal) => Promise<Result>): Promise<Result> {
  const controller = new AbortController();
  const listen = () => signals.forEach((signal) => process.on(signal, interrupt));
  const unlisten = () => signals.forEach((signal) => process.off(signal, interrupt));
  const interrupt = (signal: NodeJS.Signals) => {
    unlisten();
    controller.abort(new Interrupted(signal));
  };
  listen();
  try {
    return await work(controller.signal);
  } finally {
    unlisten();
  }
}
