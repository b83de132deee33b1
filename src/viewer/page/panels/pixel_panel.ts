/// <reference lib="dom" />
import { counted } from "../../../cli/amounts.ts";
import type { Geometry, Rect } from "../../../types.ts";
import { button, element } from "../dom.ts";
import { masksPixels, maskWith } from "../hot_pixels.ts";
import { rectangleWithin } from "../region.ts";
import type { Pixel } from "../renderer/hot_pixel_search.ts";
import type { CameraControls } from "../source.ts";
import type { Stage } from "../stage.ts";

/** What pixels tell their view. */
export interface PixelListener {
  told(message: string): void;
  failed(error: unknown): void;
}

/** Which pixels send: a region of interest, and the mask of hot pixels. */
export class PixelPanel {
  readonly root: HTMLElement;
  readonly #controls: CameraControls;
  readonly #stage: Stage;
  readonly #geometry: Geometry;
  readonly #listener: PixelListener;
  readonly #inputs = ["x", "y", "width", "height"].map((name) =>
    element("input", { type: "number", min: "0", step: "1", ariaLabel: `Region: ${name}`, title: name })
  );
  readonly #hotButton: HTMLButtonElement;
  readonly #search: () => void;
  #isSearching = false;

  constructor(
    controls: CameraControls,
    { stage, geometry, search, listener }: {
      readonly stage: Stage;
      readonly geometry: Geometry;
      /** Begins a search, of which {@link found} is told. */
      readonly search: () => void;
      readonly listener: PixelListener;
    },
  ) {
    this.#controls = controls;
    this.#stage = stage;
    this.#geometry = geometry;
    this.#search = search;
    this.#listener = listener;
    this.#hotButton = button("Mask hot pixels", () => this.findHotPixels(), {
      title: "Counts for two seconds, then masks the pixels that send far more than their neighbours (H)",
    });
    this.root = element("div", { className: "panel-body" }, ...this.#children());
    this.#showRegion(undefined);
  }

  /** Lets the pixels of a rectangle send alone; undefined: all of them. */
  async setRegion(region: Rect | undefined): Promise<void> {
    try {
      await this.#controls.update({ regionOfInterest: region ?? null });
      this.#showRegion(region);
    } catch (error) {
      this.#listener.failed(error);
    }
  }

  /** Begins the search, which ends by itself. */
  findHotPixels(): void {
    if (!masksPixels(this.#controls.configuration()) || this.#isSearching) return;
    this.#isSearching = true;
    this.#search();
    this.#hotButton.disabled = true;
    this.#hotButton.textContent = "Counting…";
  }

  /** Masks the pixels that a search has found. */
  found(pixels: readonly Pixel[]): void {
    this.#isSearching = false;
    void this.#mask(pixels).finally(() => {
      this.#hotButton.disabled = false;
      this.#hotButton.textContent = "Mask hot pixels";
    });
  }

  async #mask(found: readonly Pixel[]): Promise<void> {
    const masked = this.#controls.configuration().pixelMask as readonly Pixel[];
    const { pixelMask, added, leftOut } = maskWith(found, { type: this.#controls.type, masked });
    if (added === 0) {
      return this.#listener.told(
        leftOut === 0 ? "No hot pixels found" : `${counted(leftOut, "hot pixel")}, but the sensor's mask is full`,
      );
    }
    try {
      await this.#controls.update({ pixelMask });
      const rest = leftOut === 0 ? "" : `; ${leftOut} more do not fit into the sensor's mask`;
      this.#listener.told(`${counted(added, "hot pixel")} masked${rest}`);
    } catch (error) {
      this.#listener.failed(error);
    }
  }

  async #unmask(): Promise<void> {
    try {
      await this.#controls.update({ pixelMask: [] });
      this.#listener.told("No single pixels are masked");
    } catch (error) {
      this.#listener.failed(error);
    }
  }

  #children(): HTMLElement[] {
    const draw = button("Draw with a finger", () => {
      const isDrawing = draw.ariaPressed !== "true";
      draw.ariaPressed = String(isDrawing);
      this.#stage.isDrawing = isDrawing;
    }, { className: "touch-only", ariaPressed: "false" });
    const apply = button("Apply", () => this.#applyNumbers());
    const all = button("All pixels", () => void this.setRegion(undefined), { title: "All pixels send again (A)" });
    return [
      element("p", { className: "hint" }, "Drag a rectangle on the picture, or give its numbers: x, y, width, height."),
      element("div", { className: "row numbers" }, ...this.#inputs),
      element("div", { className: "row" }, apply, all, draw),
      ...(masksPixels(this.#controls.configuration())
        ? [element("div", { className: "row" }, this.#hotButton, button("Unmask", () => void this.#unmask()))]
        : []),
    ];
  }

  #applyNumbers(): void {
    const [x = 0, y = 0, width = 0, height = 0] = this.#inputs.map((input) => Number(input.value));
    const region = rectangleWithin({ x, y, width, height }, this.#geometry);
    if (region === undefined) return this.#listener.failed(new RangeError("the region lies outside of the sensor"));
    void this.setRegion(region);
  }

  #showRegion(region: Rect | undefined): void {
    this.#stage.showRegion(region);
    const { x, y, width, height } = region ?? { x: 0, y: 0, ...this.#geometry };
    for (const [index, value] of [x, y, width, height].entries()) this.#inputs[index]!.value = String(value);
  }
}
