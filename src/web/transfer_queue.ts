import { bytesOf, type QueuedRead, type Received, type UsbHandle } from "./usb_handle.ts";
import { nameOf } from "./usb_errors.ts";

/** Why no transfer comes any more. */
export type QueueEnd = "close" | "disconnected" | "io";

/** What gets the outcomes, in the order of the transfers. */
export interface TransferSink {
  /** Bytes came, perhaps none. */
  take(bytes: Uint8Array): void;
  /** A transfer failed; `bytes` of it are known to be lost. */
  lose(bytes: number): void;
  /** The endpoint was halted; the bytes before the halt came by {@link take}. */
  halt(): void;
  end(reason: QueueEnd): void;
}

/** What a queue is made of. */
export interface TransferQueueOptions {
  readonly handle: UsbHandle;
  readonly endpoint: number;
  readonly bufferBytes: number;
  /** Transfers that are to be queued at any time. */
  readonly depth: number;
  readonly sink: TransferSink;
}

/** After so many rounds of failed transfers without a good one, the halt is cleared; after twice as many it is the end. */
const failedRounds = 2;

/** How long a device may take to show that it is there. */
const probeTimeoutMs = 500;

/** How long transfers may take to come back from a device that was unplugged. */
const unpluggedLimitMs = 1_000;

/**
 * Keeps transfers of the event endpoint queued in the browser. Their results come in the order of the calls, so the oldest
 * is waited for, and each one that is over is followed by a new one before its bytes are looked at.
 */
export class TransferQueue {
  readonly #options: TransferQueueOptions;
  readonly #queued: QueuedRead[] = [];
  /** How many are queued: fewer than asked for where the system has no memory for them. */
  #depth: number;
  #failuresInARow = 0;
  #end: QueueEnd | undefined;
  #isFinished = false;
  /** Resolves when no transfer is queued any more. */
  readonly finished: Promise<void>;

  /** Begins. A read that is queued already is the first transfer. */
  constructor(options: TransferQueueOptions) {
    this.#options = options;
    this.#depth = options.depth;
    const first = options.handle.takeLate(options.endpoint);
    if (first !== undefined) this.#queued.push(first);
    this.#fill();
    this.finished = this.#run();
  }

  /** Transfers that are queued now. */
  get inFlight(): number {
    return this.#queued.length;
  }

  /** Transfers that were asked for, and for which the system has no memory. */
  get missing(): number {
    return this.#options.depth - this.#depth;
  }

  /** Queues no more. Those that are queued still bring what they have, or are cancelled with the device. */
  stop(): void {
    this.#end ??= "close";
  }

  /** The device was unplugged, as the browser tells. */
  unplugged(): void {
    this.#endWith("disconnected");
    setTimeout(() => this.#finish(), unpluggedLimitMs);
  }

  #fill(): void {
    const { handle, endpoint, bufferBytes } = this.#options;
    while (this.#end === undefined && this.#queued.length < this.#depth) {
      const read = handle.read(endpoint, bufferBytes);
      this.#queued.push(read);
      void read.received.then((received) => this.#heedRefusal(read, received));
    }
  }

  /**
   * Results come in the order of the calls. So a transfer that fails before an older one is over was never queued: the
   * system has no memory for it, and nothing is lost. One more is given up, so that commands find some.
   */
  #heedRefusal(read: QueuedRead, { error }: Received): void {
    const at = this.#queued.indexOf(read);
    const isRefused = at > 0 && nameOf(error) === "NetworkError" && this.#queued[0]!.outcome === undefined;
    if (!isRefused) return;
    this.#queued.splice(at, 1);
    this.#depth = Math.max(1, Math.min(this.#depth, this.#queued.length - 1));
  }

  async #run(): Promise<void> {
    while (this.#queued.length > 0) {
      const received = await this.#queued[0]!.received;
      this.#queued.shift();
      const isHalted = received.result?.status === "stall";
      if (!isHalted) this.#fill();
      this.#account(received);
      if (isHalted) await this.#clearHalt();
      else if (this.#failuresInARow > 0) await this.#heedFailures();
      this.#fill();
    }
    this.#finish();
  }

  /** Tells the end, once. */
  #finish(): void {
    if (this.#isFinished) return;
    this.#isFinished = true;
    this.#options.sink.end(this.#end ?? "io");
  }

  #account({ result, error }: Received): void {
    const { sink } = this.#options;
    if (result === undefined) return this.#fail(error);
    const bytes = bytesOf(result.data);
    switch (result.status) {
      case "stall":
        // The bytes before the halt are whole.
        if (bytes.length > 0) sink.take(bytes);
        sink.halt();
        this.#failuresInARow += 1;
        return;
      case "babble":
        // More came than there was room for: what is there may be garbage.
        sink.lose(bytes.length);
        this.#failuresInARow += 1;
        return;
      default:
        this.#failuresInARow = 0;
        sink.take(bytes);
    }
  }

  /** A browser keeps the bytes of a transfer that fails for itself, and says no reason. */
  #fail(error: unknown): void {
    const name = nameOf(error);
    // What is queued when the device is closed is cancelled with it.
    if (name === "AbortError" || name === "InvalidStateError") return this.#endWith("close");
    if (name === "NotFoundError") this.#endWith("disconnected");
    if (this.#end !== undefined) return;
    this.#options.sink.lose(0);
    this.#failuresInARow += 1;
  }

  async #clearHalt(): Promise<void> {
    const { handle, endpoint, sink } = this.#options;
    if (this.#end === undefined) await handle.clearHalt(endpoint).catch(() => {});
    // Other transfers that ended by the same halt.
    for (let next = this.#queued[0]?.outcome?.result; next?.status === "stall";) {
      const bytes = bytesOf(next.data);
      if (bytes.length > 0) sink.take(bytes);
      this.#queued.shift();
      next = this.#queued[0]?.outcome?.result;
    }
    await this.#heedFailures();
  }

  /** A device that was unplugged without a word fails each transfer at once: that must come to an end. */
  async #heedFailures(): Promise<void> {
    const { handle, endpoint, depth } = this.#options;
    const round = failedRounds * depth;
    if (this.#end !== undefined || this.#failuresInARow < round) return;
    // Some systems do not tell of a halt.
    if (this.#failuresInARow === round) return await handle.clearHalt(endpoint).catch(() => {});
    if (this.#failuresInARow < 2 * round) return;
    this.#endWith(await this.#isThere() ? "io" : "disconnected");
  }

  /** Whether the device still answers: to GET_STATUS, which each device has to. */
  async #isThere(): Promise<boolean> {
    const request = { requestType: 0x80, request: 0, value: 0, index: 0, length: 2, timeoutMs: probeTimeoutMs };
    try {
      await this.#options.handle.controlIn(request);
      return true;
    } catch {
      return false;
    }
  }

  #endWith(end: QueueEnd): void {
    this.#end ??= end;
  }
}
