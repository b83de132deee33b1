import type { Accumulated, Accumulator } from "../../../accumulator/accumulator.ts";
import { type AccumulatorMaker, accumulatorMaker } from "../../../accumulator/native_accumulator.ts";
import type { Decoder } from "../../../decoder/decoder.ts";
import type { Packet } from "../../../packets/packet.ts";
import type { Geometry } from "../../../types.ts";
import { accumulatorOptionsOf, imageOptionsOf, type PictureStyle } from "../styles.ts";

/** Gets a picture's pixels as RGBA, row by row from the top. They are valid during the call only. */
export type ShowPixels = (pixels: Uint8ClampedArray<ArrayBuffer>) => void;

/** The latest time of an accumulator, µs. Of later events, which a file may have, it shows none: they count as outside. */
const latestTime = 2 ** 51 - 1;

/** Events as a picture, in one of the styles. */
export class Picture {
  readonly #geometry: Geometry;
  readonly #show: ShowPixels;
  readonly #make: AccumulatorMaker;
  #accumulator: Accumulator;
  #style: PictureStyle;

  private constructor(geometry: Geometry, style: PictureStyle, show: ShowPixels, make: AccumulatorMaker) {
    this.#geometry = geometry;
    this.#show = show;
    this.#make = make;
    this.#accumulator = make(accumulatorOptionsOf(style, geometry));
    this.#style = style;
  }

  /** A picture without events, once the library is loaded. */
  static async begin(geometry: Geometry, style: PictureStyle, show: ShowPixels): Promise<Picture> {
    return new Picture(geometry, style, show, await accumulatorMaker());
  }

  /** The style in force. */
  get style(): PictureStyle {
    return this.#style;
  }

  /**
   * Changes the style, in force from the next packet on: the accumulator is made during the call, so that no packet comes
   * meanwhile. What one of another kind had counted is not in the new picture.
   *
   * @throws {NeuromorphicError} where no accumulator can be made: the old style stays in force.
   */
  setStyle(style: PictureStyle): void {
    const options = accumulatorOptionsOf(style, this.#geometry);
    if (!isSame(options, accumulatorOptionsOf(this.#style, this.#geometry))) {
      const accumulator = this.#make(options);
      this.#accumulator.close();
      this.#accumulator = accumulator;
    }
    this.#style = style;
  }

  /** Adds a packet's events, which are free afterwards. */
  add(packet: Packet): Accumulated {
    return this.#accumulator.add(packet);
  }

  /** Adds the events of bytes, all of which the decoder takes. */
  addBytes(bytes: Uint8Array, decoder: Decoder): Accumulated {
    return this.#accumulator.addBytes(bytes, decoder);
  }

  /** Draws what there is at a time in µs. */
  draw(time: number | undefined): void {
    const t = time === undefined ? undefined : Math.min(time, latestTime);
    this.#show(this.#accumulator.image({ ...imageOptionsOf(this.#style), t }));
  }

  /** Forgets all events. */
  clear(): void {
    this.#accumulator.clear();
  }

  /** Forgets the time, too, as after a seek. */
  reset(): void {
    this.#accumulator.reset();
  }

  /** Frees the memory. */
  close(): void {
    this.#accumulator.close();
  }
}

function isSame(left: object, right: object): boolean {
  return JSON.stringify(left) === JSON.stringify(right);
}
