/** A camera of the model: its calls return at once, and take the time from the caller. */

import { NeuromorphicError } from "../../errors.ts";
import { camelCased, type VirtualCameraDescription } from "../../virtual/description.ts";
import { BLOCK_BYTES, type ModelModule } from "./model_module.ts";

/** How a transfer has ended, or that it has not: `Ended` of `camera_api.zig`, in its order. */
const ends = ["done", "pending", "stall", "protocol-error", "overflow", "gone"] as const;

/** What a transfer met. */
export interface Outcome {
  readonly end: typeof ends[number];
  /** How many bytes the camera took or sent. */
  readonly length: number;
  /** Those that it sent, in a buffer of their own. */
  readonly bytes?: Uint8Array<ArrayBuffer> | undefined;
}

/** The place of the event endpoint in `Endpoint` of `camera/endpoints.zig`. */
const EVENTS = 3;
const SETUP_BYTES = 8;
/** In the block, behind a setup. */
const LENGTH_OFFSET = 8;

/** Nothing may be called after {@link ModelCamera.destroy}. Times are whole nanoseconds. */
export class ModelCamera {
  readonly #model: ModelModule;
  readonly #number: number;
  /** The address of the endpoint whose bytes are lost where the page offers no room. */
  readonly eventEndpoint: number;

  /**
   * Plugs a camera in.
   *
   * @throws {NeuromorphicError} "io" for a recording that is refused, or where there is no room for another camera.
   */
  constructor(model: ModelModule, json: Record<string, unknown>, file?: Uint8Array) {
    this.#model = model;
    const { block, exports } = model;
    const text = new TextEncoder().encode(JSON.stringify(json));
    const textAddress = model.copyIn(text);
    try {
      const fileAddress = file === undefined ? 0 : model.copyIn(file); // the model frees it
      const fileLength = file?.length ?? 0;
      model.view(block, 1)[0] = 0;
      this.#number = exports.nd_virtual_create(textAddress, text.length, fileAddress, fileLength, block, BLOCK_BYTES);
    } finally {
      model.free(textAddress, text.length);
    }
    if (this.#number < 0) {
      const said = model.view(block, BLOCK_BYTES);
      const reason = new TextDecoder().decode(said.slice(0, said.indexOf(0))) || "no memory, or 16 cameras already";
      const operation = "create virtual camera";
      throw new NeuromorphicError("io", `${operation}: ${reason}`, { operation });
    }
    this.eventEndpoint = exports.nd_virtual_endpoint(this.#number, EVENTS);
  }

  /** Unplugs it, and frees its memory. */
  destroy(): void {
    this.#model.exports.nd_virtual_destroy(this.#number);
  }

  /** A control transfer. The last two bytes of the setup say how long `data` is, which goes to the camera. */
  control(nowNs: number, setup: Uint8Array, data?: Uint8Array): Outcome {
    const model = this.#model;
    const address = model.bufferOf(0xFFFF);
    model.view(model.block, SETUP_BYTES).set(setup);
    if (data !== undefined) model.view(address, data.length).set(data);
    const length = model.block + LENGTH_OFFSET;
    const end = model.exports.nd_virtual_control(this.#number, nowNs, model.block, address, length);
    return this.#outcome(end, data === undefined ? address : undefined);
  }

  /** A bulk transfer to the camera. */
  write(nowNs: number, endpoint: number, bytes: Uint8Array): Outcome {
    const model = this.#model;
    const address = model.bufferOf(bytes.length);
    model.view(address, bytes.length).set(bytes);
    const length = model.block + LENGTH_OFFSET;
    return this.#outcome(
      model.exports.nd_virtual_write(this.#number, nowNs, endpoint, address, bytes.length, length),
    );
  }

  /** A bulk transfer from the camera. */
  read(nowNs: number, endpoint: number, capacity: number): Outcome {
    const model = this.#model;
    const address = model.bufferOf(capacity);
    const length = model.block + LENGTH_OFFSET;
    const end = model.exports.nd_virtual_read(this.#number, nowNs, endpoint, address, capacity, length);
    return this.#outcome(end, address);
  }

  #outcome(number: number, from?: number): Outcome {
    const model = this.#model;
    const end = ends[number]!;
    if (end === "pending") return { end, length: 0 };
    const length = new DataView(model.exports.memory.buffer).getUint32(model.block + LENGTH_OFFSET, true);
    return { end, length, bytes: from === undefined ? undefined : model.view(from, length).slice() };
  }

  /** When a transfer of this length may end; Infinity where that is not a matter of time. */
  readyAt(endpoint: number, length: number): number {
    return this.#model.exports.nd_virtual_ready_at(this.#number, endpoint, length);
  }

  /** The pending transfers of events offer this much room from now on. To be called before the room changes. */
  advance(nowNs: number, roomBytes: number): void {
    this.#model.exports.nd_virtual_advance(this.#number, nowNs, roomBytes);
  }

  clearHalt(nowNs: number, endpoint: number): void {
    this.#model.exports.nd_virtual_clear_halt(this.#number, nowNs, endpoint);
  }

  /** As selecting a configuration or an alternate setting does. */
  resetEndpoints(nowNs: number): void {
    this.#model.exports.nd_virtual_reset_endpoints(this.#number, nowNs);
  }

  /**
   * Makes what a started camera shows, where it waits for that. It takes a tenth of a second or more, so the clock is
   * read after it. False where there was no memory for it.
   */
  makeContent(clock: () => number): boolean {
    const { exports } = this.#model;
    const made = exports.nd_virtual_make_content(this.#number);
    if (made > 0) exports.nd_virtual_install_content(this.#number, clock());
    return made >= 0;
  }

  /** What the camera has done. */
  describe(): VirtualCameraDescription {
    const { exports, block } = this.#model;
    const length = exports.nd_virtual_describe(this.#number, block, BLOCK_BYTES);
    const text = new TextDecoder().decode(this.#model.view(block, length).slice());
    return JSON.parse(text, camelCased) as VirtualCameraDescription;
  }
}
