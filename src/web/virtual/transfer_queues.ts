/**
 * The transfers of a virtual camera: a queue for each endpoint, whose heads are asked for at the time that the model
 * says. As `zig/src/virtual/bus/transfers.zig`, without a thread.
 *
 * The model's time goes on while the page does something else, or has no timers. At the next turn each transfer gets what
 * is due by then. What exceeds the queued transfers and the camera's FIFO is lost in the camera, and counted there.
 */

import type { Clock } from "./clock.ts";
import type { ModelCamera, Outcome } from "./model_camera.ts";

/** What a transfer asks of the camera. */
export interface Request {
  /** The endpoint's address: 0, or a number with the direction in bit 7. */
  readonly endpoint: number;
  /** Its bytes, or the most that may come. */
  readonly length: number;
  /** Asks the camera on behalf of the transfer. */
  readonly ask: (camera: ModelCamera, nowNs: number) => Outcome;
}

interface Pending extends Request {
  readonly resolve: (outcome: Outcome) => void;
  readonly reject: (reason: DOMException) => void;
}

/** A timer that the model has let expire in vain is set again so much later, as readiness behind a filter is a guess. */
const AGAIN_MS = 1;

const CONTROL = 0;
const IN = 0x80;

export class TransferQueues {
  readonly #camera: ModelCamera;
  readonly #clock: Clock;
  readonly #gone: () => void;
  readonly #queues = new Map<number, Pending[]>();
  #eventRoomBytes = 0;
  #bytes = 0;
  #count = 0;
  #isTurnDue = false;
  #endTimer = (): void => {};

  /** `gone` is called where the model unplugs the camera. */
  constructor(camera: ModelCamera, clock: Clock, gone: () => void) {
    this.#camera = camera;
    this.#clock = clock;
    this.#gone = gone;
  }

  /** Bytes of all transfers that have not ended. */
  get pendingBytes(): number {
    return this.#bytes;
  }

  /** Whole nanoseconds of the clock. */
  nowNs(): number {
    return Math.floor(this.#clock.nowMs() * 1e6);
  }

  /** Queues a transfer, and resolves to what it met. Transfers of an endpoint end in order. */
  submit(request: Request): Promise<Outcome> {
    if (request.endpoint === this.#camera.eventEndpoint) {
      this.#camera.advance(this.nowNs(), this.#eventRoomBytes);
      this.#eventRoomBytes += request.length;
    }
    this.#bytes += request.length;
    this.#count += 1;
    this.turnSoon();
    return new Promise((resolve, reject) => {
      const queue = this.#queues.get(request.endpoint) ?? [];
      queue.push({ ...request, resolve, reject });
      this.#queues.set(request.endpoint, queue);
    });
  }

  /** Rejects all transfers, but those of the control endpoint only where `withControl` says so. */
  cancel(reason: () => DOMException, withControl: boolean): void {
    this.#endTimer();
    for (const [endpoint, queue] of this.#queues) {
      if (endpoint === CONTROL && !withControl) continue;
      if (endpoint === this.#camera.eventEndpoint) this.#camera.advance(this.nowNs(), this.#eventRoomBytes);
      for (const transfer of queue.splice(0)) {
        this.#left(transfer);
        transfer.reject(reason());
      }
    }
  }

  /** Something has changed that a transfer may wait for. */
  turnSoon(): void {
    if (this.#isTurnDue) return;
    this.#isTurnDue = true;
    this.#clock.callSoon(() => {
      this.#isTurnDue = false;
      this.#turn();
    });
  }

  #turn(): void {
    this.#endTimer();
    if (this.#count === 0) return;
    const camera = this.#camera;
    camera.advance(this.nowNs(), this.#eventRoomBytes);
    for (const endpoint of this.#inOrder()) {
      while (this.#settleHead(endpoint)) {
        // A reply goes to a transfer that waits for it before the next request is taken, which might replace it.
        if (endpoint === CONTROL || endpoint & IN) continue;
        for (const other of this.#inOrder()) {
          if (other & IN && other !== camera.eventEndpoint) { while (this.#settleHead(other)); }
        }
      }
    }
    this.#wakeInTime();
  }

  /** Control requests, replies, commands, and events last. */
  #inOrder(): number[] {
    const rank = (endpoint: number) =>
      endpoint === CONTROL ? 0 : endpoint === this.#camera.eventEndpoint ? 3 : endpoint & IN ? 1 : 2;
    return [...this.#queues.keys()].sort((left, right) => rank(left) - rank(right));
  }

  /** False where the queue is empty, or its head stays pending. */
  #settleHead(endpoint: number): boolean {
    const queue = this.#queues.get(endpoint)!;
    const head = queue[0];
    if (head === undefined) return false;
    const outcome = head.ask(this.#camera, this.nowNs());
    if (outcome.end === "pending") return false;
    if (outcome.end === "gone") {
      this.#gone();
      return false;
    }
    queue.shift();
    this.#left(head);
    head.resolve(outcome);
    const isCommand = endpoint !== CONTROL && !(endpoint & IN);
    if (isCommand && !this.#camera.makeContent(() => this.nowNs())) this.#gone();
    return true;
  }

  #left({ endpoint, length }: Pending): void {
    this.#bytes -= length;
    this.#count -= 1;
    if (endpoint === this.#camera.eventEndpoint) this.#eventRoomBytes -= length;
  }

  #wakeInTime(): void {
    let soonestNs = Infinity;
    for (const [endpoint, queue] of this.#queues) {
      const head = queue[0];
      if (head !== undefined) soonestNs = Math.min(soonestNs, this.#camera.readyAt(endpoint, head.length));
    }
    if (soonestNs === Infinity) return;
    const nowMs = this.#clock.nowMs();
    const atMs = soonestNs / 1e6;
    this.#endTimer = this.#clock.callAt(atMs > nowMs ? atMs : nowMs + AGAIN_MS, () => this.#turn());
  }
}
