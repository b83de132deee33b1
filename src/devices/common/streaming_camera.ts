import type { Cameras, CameraType } from "../../cameras/cameras.ts";
import type { CameraProperties, Firmware, OpenCamera } from "../../cameras/driver.ts";
import type { DecoderOptions } from "../../decoder/decoder.ts";
import { AsyncIteration } from "../../stream/async_iteration.ts";
import { AsyncPackets } from "../../stream/async_packets.ts";
import type { IterationOwner } from "../../stream/iteration.ts";
import { readableOf } from "../../stream/readable.ts";
import type { StreamItem } from "../../stream/stream_item.ts";
import type { Geometry, UsbSpeed } from "../../types.ts";

/** What owns an open camera and its stream. */
export interface StreamingCameraCore extends IterationOwner {
  readonly parts: {
    readonly type: CameraType;
    readonly name: string;
    readonly speed: UsbSpeed;
    readonly camera: OpenCamera;
  };
}

/**
 * What is known of an open camera, and its loops: the same for libusb and WebUSB. The type parameters are a promise of
 * `open`.
 */
export class StreamingCamera<Type extends CameraType, P> {
  readonly #core: StreamingCameraCore;
  /** Held weakly, so that the device is free for another reader when the program has dropped the stream. */
  #readable: WeakRef<ReadableStream<StreamItem<P>>> | undefined;

  constructor(core: StreamingCameraCore) {
    this.#core = core;
  }

  get type(): Type {
    return this.#core.parts.type as Type;
  }

  get name(): string {
    return this.#core.parts.name;
  }

  get serial(): string {
    return this.#core.parts.camera.serial;
  }

  get speed(): UsbSpeed {
    return this.#core.parts.speed;
  }

  get properties(): CameraProperties {
    return this.#core.parts.camera.properties;
  }

  get geometry(): Geometry {
    const { width, height } = this.properties;
    return { width, height };
  }

  get decoderOptions(): DecoderOptions {
    const { eventFormat: format, properties: { width, height } } = this.#core.parts.camera;
    return { format, width, height };
  }

  get firmware(): Firmware {
    return this.#core.parts.camera.firmware;
  }

  get configuration(): Cameras[Type]["configuration"] {
    return this.#core.parts.camera.configuration as Cameras[Type]["configuration"];
  }

  get closed(): boolean {
    return this.#core.ending !== undefined;
  }

  // Streams and iterators hold the device: while the program iterates, it is not forgotten.

  get readable(): ReadableStream<StreamItem<P>> {
    const held = this.#readable?.deref();
    if (held !== undefined) return held;
    const readable = readableOf(this.#iteration(), () => this.#readable = undefined);
    this.#readable = new WeakRef(readable as unknown as ReadableStream<StreamItem<P>>);
    return readable as unknown as ReadableStream<StreamItem<P>>;
  }

  [Symbol.asyncIterator](): AsyncIterableIterator<StreamItem<P>, undefined> {
    return new AsyncPackets(this.#iteration()) as unknown as AsyncIterableIterator<StreamItem<P>, undefined>;
  }

  #iteration(): AsyncIteration {
    return new AsyncIteration(this.#core, this);
  }
}
