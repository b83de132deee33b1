/** Buses that exist in a test: one that answers at once, and one that answers by promises. */

import { NeuromorphicError } from "../../../src/errors.ts";
import type { AsyncBus, SyncBus } from "../../../src/protocol/bus.ts";
import type { Transfer } from "../../../src/protocol/exchange.ts";
import type { Settling } from "../../../src/protocol/settling.ts";

/** Notes every transfer, and answers with what the test says. */
export class MadeUpBus implements SyncBus {
  readonly description = "made-up device";
  readonly transfers: Transfer[] = [];
  readonly #answer: (transfer: Transfer, number: number) => Uint8Array | undefined;

  /** The answer may throw; without one, nothing comes. Transfers are counted from 0. */
  constructor(answer: (transfer: Transfer, number: number) => Uint8Array | undefined = () => undefined) {
    this.#answer = answer;
  }

  controlIn: SyncBus["controlIn"] = (request) =>
    this.#transfer({ kind: "control-in", ...request }) ?? new Uint8Array(0);
  controlOut: SyncBus["controlOut"] = (request) => void this.#transfer({ kind: "control-out", ...request });
  bulkOut: SyncBus["bulkOut"] = (endpoint, bytes, timeoutMs) =>
    void this.#transfer({ kind: "bulk-out", endpoint, bytes, timeoutMs });
  bulkIn: SyncBus["bulkIn"] = (endpoint, length, timeoutMs) =>
    this.#transfer({ kind: "bulk-in", endpoint, length, timeoutMs });
  clearHalt: SyncBus["clearHalt"] = (endpoint) => void this.#transfer({ kind: "clear-halt", endpoint });
  selectAlternateSetting: SyncBus["selectAlternateSetting"] = (interfaceNumber, setting) =>
    void this.#transfer({ kind: "alternate-setting", interfaceNumber, setting });

  #transfer(transfer: Transfer): Uint8Array | undefined {
    this.transfers.push(transfer);
    return this.#answer(transfer, this.transfers.length - 1);
  }
}

/** The same bus, as WebUSB would show it: every answer, and every error, comes later. */
export function promising(bus: SyncBus): AsyncBus {
  const later = async <Parameters extends unknown[], Result>(
    method: (...parameters: Parameters) => Result,
    parameters: Parameters,
  ): Promise<Result> => {
    await new Promise<void>((resolve) => queueMicrotask(resolve));
    return method.apply(bus, parameters);
  };
  return {
    description: bus.description,
    controlIn: (...parameters) => later(bus.controlIn, parameters),
    controlOut: (...parameters) => later(bus.controlOut, parameters),
    bulkOut: (...parameters) => later(bus.bulkOut, parameters),
    bulkIn: (...parameters) => later(bus.bulkIn, parameters),
    clearHalt: (...parameters) => later(bus.clearHalt, parameters),
    selectAlternateSetting: (...parameters) => later(bus.selectAlternateSetting, parameters),
  };
}

/** Lets no time pass, and notes what was asked of it. */
export class MadeUpSettling implements Settling {
  readonly waits: number[] = [];
  turns = 0;

  wait(us: number, signal?: AbortSignal): Promise<void> {
    this.waits.push(us);
    return signal?.aborted ? Promise.reject(signal.reason) : Promise.resolve();
  }

  waitSync(us: number): void {
    this.waits.push(us);
  }

  timeoutMs(ms: number): number {
    return ms;
  }

  turn(): Promise<void> {
    this.turns += 1;
    return new Promise((resolve) => setTimeout(resolve));
  }
}

export const brokenCable = () => new NeuromorphicError("io", "the transfer failed");
export const unplugged = () => new NeuromorphicError("disconnected", "the device is gone");
