/// <reference lib="dom" />
import type { Accumulated, Accumulator } from "../../accumulator/accumulator.ts";
import { createAccumulator } from "../../accumulator/native_accumulator.ts";
import type { Packet } from "../../packets/packet.ts";
import type { Geometry } from "../../types.ts";
import { accumulatorOptionsOf, imageOptionsOf, type PictureStyle } from "./styles.ts";

/** Events as a picture on a canvas, in one of the styles. */
export class Picture {
  readonly geometry: Geometry;
  readonly #context: CanvasRenderingContext2D;
  #accumulator: Accumulator;
  #style: PictureStyle;
  /** Style whose accumulator is being made; the old one is used until it is there. */
  #wanted: PictureStyle;
  #isClosed = false;

  private constructor(
    geometry: Geometry,
    context: CanvasRenderingContext2D,
    { accumulator, style }: { readonly accumulator: Accumulator; readonly style: PictureStyle },
  ) {
    this.geometry = geometry;
    this.#context = context;
    this.#accumulator = accumulator;
    this.#style = this.#wanted = style;
  }

  /** A picture on a canvas, which gets a pixel for each one of the sensor. */
  static async on(canvas: HTMLCanvasElement, geometry: Geometry, style: PictureStyle): Promise<Picture> {
    canvas.width = geometry.width;
    canvas.height = geometry.height;
    const context = canvas.getContext("2d", { alpha: false });
    if (context === null) throw new Error("the browser gives the page no canvas to draw on");
    const accumulator = await createAccumulator(accumulatorOptionsOf(style, geometry));
    return new Picture(geometry, context, { accumulator, style });
  }

  /** The style that was asked for last. */
  get style(): PictureStyle {
    return this.#wanted;
  }

  /** Changes the style; what an accumulator of another kind had counted is not in the new picture. */
  async setStyle(style: PictureStyle): Promise<void> {
    this.#wanted = style;
    const options = accumulatorOptionsOf(style, this.geometry);
    if (isSame(options, accumulatorOptionsOf(this.#style, this.geometry))) {
      this.#style = style;
      return;
    }
    const accumulator = await createAccumulator(options);
    if (this.#isClosed || this.#wanted !== style) return accumulator.close();
    this.#accumulator.close();
    this.#accumulator = accumulator;
    this.#style = style;
  }

  /** Adds a packet's events, which are free afterwards. */
  add(packet: Packet): Accumulated {
    return this.#accumulator.add(packet);
  }

  /** Draws what there is at a time in µs. */
  draw(time: number | undefined): void {
    const { width, height } = this.geometry;
    const pixels = this.#accumulator.image({ ...imageOptionsOf(this.#style), t: time });
    this.#context.putImageData(new ImageData(pixels, width, height), 0, 0);
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
    this.#isClosed = true;
    this.#accumulator.close();
  }
}

function isSame(left: object, right: object): boolean {
  return JSON.stringify(left) === JSON.stringify(right);
}
