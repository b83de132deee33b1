/// <reference lib="dom" />
import { element } from "../dom.ts";
import { FigureStrip } from "../figure_strip.ts";
import type { Measurement } from "../source.ts";

/** Between two measurements, which go over the bus. */
const intervalMs = 2000;

/** What the camera measures beside its events, while its panel is open. */
export class SensorPanel {
  readonly root: HTMLElement;
  readonly #measure: () => Promise<readonly Measurement[]>;
  readonly #strip = new FigureStrip();
  readonly #failure = element("p", { className: "hint" });
  #isMeasuring = false;
  #measuredAtMs = -Infinity;

  constructor(measure: () => Promise<readonly Measurement[]>) {
    this.#measure = measure;
    this.root = element("div", { className: "panel-body" }, this.#strip.root, this.#failure);
  }

  /** Measures at each interval while the panel is visible. */
  tick(nowMs: number, isVisible: boolean): void {
    if (!isVisible || this.#isMeasuring || nowMs - this.#measuredAtMs < intervalMs) return;
    this.#isMeasuring = true;
    void this.#show().finally(() => {
      this.#isMeasuring = false;
      this.#measuredAtMs = performance.now();
    });
  }

  async #show(): Promise<void> {
    try {
      const measured = await this.#measure();
      this.#strip.show(measured.map(({ name, value, unit }) => ({
        name,
        value: `${Number(value.toPrecision(3))} ${unit}`,
        meaning: name,
      })));
      this.#failure.textContent = "";
    } catch (error) {
      this.#failure.textContent = error instanceof Error ? error.message : String(error);
    }
  }
}
