/// <reference lib="dom" />
import type { Geometry, Rect } from "../../types.ts";
import { element } from "./dom.ts";
import { percentOf, type PicturePlace, rectangleBetween } from "./region.ts";

/** Where the picture is, and where a region is drawn onto it. */
export class Stage {
  /** The picture's place, whose shape is the sensor's, in a box of any shape. */
  readonly root: HTMLElement;
  readonly box: HTMLElement;
  readonly canvas: HTMLCanvasElement;
  readonly #outline = element("div", { className: "outline", hidden: true });
  readonly #geometry: Geometry;
  #shown: Rect | undefined;

  /** `onRegion` gets the rectangle of a drag; without it nothing can be drawn. */
  constructor(name: string, geometry: Geometry, onRegion: ((region: Rect) => void) | undefined) {
    this.#geometry = geometry;
    this.canvas = element("canvas", { attributes: { role: "img", "aria-label": `Events of ${name}` } });
    this.canvas.width = geometry.width;
    this.canvas.height = geometry.height;
    this.root = element("div", { className: "stage" }, this.canvas, this.#outline);
    this.box = element("div", { className: "stage-box" }, this.root);
    this.box.style.setProperty("--aspect", String(geometry.width / geometry.height));
    if (onRegion !== undefined) this.#listen(onRegion);
  }

  /** The canvas for a Worker, which draws on it from now on. */
  handOver(): OffscreenCanvas {
    if (this.canvas.transferControlToOffscreen !== undefined) return this.canvas.transferControlToOffscreen();
    throw new Error("this browser's Workers cannot draw; the page needs Chrome 111, Firefox 115, Safari 16.4 or newer");
  }

  /** A finger draws a region, too; otherwise it scrolls the page. */
  set isDrawing(isDrawing: boolean) {
    this.root.classList.toggle("is-drawing", isDrawing);
  }

  /** Shows the region in force; undefined is all pixels. */
  showRegion(region: Rect | undefined): void {
    this.#shown = region;
    this.#place(region);
  }

  #listen(onRegion: (region: Rect) => void): void {
    this.root.classList.add("takes-region");
    let from: PicturePlace | undefined;
    const regionOf = (event: PointerEvent) =>
      from === undefined ? undefined : rectangleBetween(from, this.#placeOf(event), this.#geometry);
    this.root.onpointerdown = (event) => {
      const isScroll = event.pointerType === "touch" && !this.root.classList.contains("is-drawing");
      if (event.button !== 0 || isScroll) return;
      from = this.#placeOf(event);
      this.root.setPointerCapture(event.pointerId);
    };
    this.root.onpointermove = (event) => {
      if (from !== undefined) this.#place(regionOf(event) ?? this.#shown);
    };
    this.root.onpointerup = (event) => {
      const region = regionOf(event);
      from = undefined;
      if (region === undefined) return this.#place(this.#shown);
      onRegion(region);
    };
    this.root.onpointercancel = () => {
      from = undefined;
      this.#place(this.#shown);
    };
  }

  #placeOf(event: PointerEvent): PicturePlace {
    const { left, top, width, height } = this.canvas.getBoundingClientRect();
    return { x: (event.clientX - left) / width, y: (event.clientY - top) / height };
  }

  #place(region: Rect | undefined): void {
    this.#outline.hidden = region === undefined;
    if (region === undefined) return;
    for (const [side, percent] of Object.entries(percentOf(region, this.#geometry))) {
      this.#outline.style.setProperty(side, `${percent}%`);
    }
  }
}
