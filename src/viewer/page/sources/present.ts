import type { Status } from "../../../packets/status.ts";
import { LeftOut } from "../../left_out.ts";
import type { RawItem } from "../renderer/live_decoder.ts";
import { CatchUp } from "./catch_up.ts";

/** Leaves out what comes too late. It counts as dropped, in a gap before the next bytes that are shown. */
export class Present {
  readonly #catchUp = new CatchUp();
  readonly #leftOut = new LeftOut();
  readonly #nowMs: () => number;
  #bytes = 0;

  /** `nowMs`: a monotonic clock. */
  constructor(nowMs: () => number = () => performance.now()) {
    this.#nowMs = nowMs;
  }

  /** Bytes that were left out so far. */
  get leftOutBytes(): number {
    return this.#bytes;
  }

  /** The item, with the loss of what was left out before; undefined where it is left out. */
  admit({ status, packet }: RawItem): RawItem | undefined {
    const isTold = !this.#leftOut.isSomething || packet.length > 0; // a loss stands before bytes
    if (isTold && this.#catchUp.admits(Date.now() - status.receivedMs, this.#nowMs())) {
      return { status: this.#leftOut.put(status), packet };
    }
    this.#leaveOut(status);
    return undefined;
  }

  /** At the end: what was left out since the last item; undefined where that is nothing. */
  rest(): RawItem | undefined {
    const status = this.#leftOut.putRest();
    return status && { status, packet: new Uint8Array(0) };
  }

  /**
   * Admits the items of a source. Leaving the loop leaves the source's loop. `clearBacklog` throws away what waits in the
   * source, which is quicker than to read it.
   */
  async *itemsOf(
    items: AsyncIterable<RawItem>,
    clearBacklog?: () => Status,
  ): AsyncGenerator<RawItem, void, undefined> {
    let failure: { readonly error: unknown } | undefined;
    try {
      for await (const item of items) {
        const admitted = this.admit(item);
        if (admitted !== undefined) yield admitted;
        else if (clearBacklog !== undefined) this.#leaveOut(clearBacklog());
      }
    } catch (error) {
      failure = { error };
    }
    const rest = this.rest();
    if (rest !== undefined) yield rest;
    if (failure !== undefined) throw failure.error;
  }

  #leaveOut(status: Status): void {
    this.#leftOut.add(status);
    this.#bytes += status.bytes;
  }
}
