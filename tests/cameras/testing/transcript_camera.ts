/**
 * An EVK4 that exists in a test: an open USB handle that answers as {@link Evk4Model} does, and records every transfer
 * and wait, one line each, in the format of the golden transcripts.
 */

import { NeuromorphicError } from "../../../src/errors.ts";
import type { ControlInRequest, ControlOutRequest, Transfer } from "../../../src/protocol/exchange.ts";
import type { Settling } from "../../../src/protocol/settling.ts";
import type { UsbHandle } from "../../../src/usb/usb_handle.ts";
import { Evk4Model, type Evk4ModelOptions } from "./evk4_model.ts";
import { lineOf } from "./transcript.ts";

export interface RecordingCameraOptions extends Evk4ModelOptions {
  /** Which transfers (counted from 0) fail, and how. */
  fail?: { at: (transfer: number) => boolean; error: () => Error };
}

export class RecordingCamera implements UsbHandle {
  readonly description: string;
  readonly lines: string[] = [];
  readonly model: Evk4Model;
  /** Transfers of any kind so far. */
  transfers = 0;
  closed = false;
  readonly #options: RecordingCameraOptions;

  constructor(options: RecordingCameraOptions = {}, description = "recorded camera") {
    this.description = description;
    this.model = new Evk4Model(options);
    this.#options = options;
  }

  /** Records waits, and lets none pass. */
  readonly settling: Settling = {
    wait: (us, signal) => {
      this.lines.push(`WAIT_US ${us}`);
      return signal?.aborted ? Promise.reject(signal.reason) : Promise.resolve();
    },
    waitSync: (us) => {
      this.lines.push(`WAIT_US ${us}`);
    },
    timeoutMs: (ms) => ms,
    turn: () => new Promise((resolve) => setTimeout(resolve)),
  };

  /** The lines since the last call. */
  takeLines(): string[] {
    return this.lines.splice(0);
  }

  autoDetachKernelDriver(): void {
    this.lines.push("AUTO_DETACH_KERNEL_DRIVER");
  }

  claimInterface(number: number): void {
    this.#record(`CLAIM ${number}`);
  }

  controlIn(request: ControlInRequest): Uint8Array {
    return this.#transfer({ kind: "control-in", ...request })!;
  }

  controlOut(request: ControlOutRequest): void {
    this.#transfer({ kind: "control-out", ...request });
  }

  bulkOut(endpoint: number, bytes: Uint8Array, timeoutMs: number): void {
    this.#transfer({ kind: "bulk-out", endpoint, bytes, timeoutMs });
  }

  bulkIn(endpoint: number, length: number, timeoutMs: number): Uint8Array | undefined {
    const reply = this.#transfer({ kind: "bulk-in", endpoint, length, timeoutMs });
    if (reply !== undefined && reply.length > length) throw ioError();
    return reply;
  }

  clearHalt(endpoint: number): void {
    this.#transfer({ kind: "clear-halt", endpoint });
  }

  selectAlternateSetting(interfaceNumber: number, setting: number): void {
    this.#transfer({ kind: "alternate-setting", interfaceNumber, setting });
  }

  close(): void {
    this.closed = true;
  }

  #transfer(transfer: Transfer): Uint8Array | undefined {
    this.#record(lineOf(transfer));
    return this.model.answer(transfer);
  }

  #record(line: string): void {
    const { fail } = this.#options;
    const number = this.transfers++;
    this.lines.push(line);
    if (fail?.at(number)) throw fail.error();
  }
}

/** One transfer, counted from 0. */
export function only(transfer: number): (transfer: number) => boolean {
  return (other) => other === transfer;
}

/** A transfer and all after it. */
export function from(transfer: number): (transfer: number) => boolean {
  return (other) => other >= transfer;
}

export function ioError(): NeuromorphicError {
  return new NeuromorphicError("io", "bulk transfer: LIBUSB_ERROR_IO");
}
