/// <reference lib="dom" />
import { scaled } from "../../cli/amounts.ts";
import type { RateWindow } from "./renderer/rate_history.ts";

/** Colours of the plot, as the style sheet has them. */
interface PlotColors {
  readonly on: string;
  readonly off: string;
  readonly ink: string;
  readonly mark: string;
  readonly loss: string;
}

/** Draws rates over time: ON above OFF, triggers and losses as marks. */
export class RatePlot {
  readonly canvas: HTMLCanvasElement;
  #colors: PlotColors | undefined;

  constructor(canvas: HTMLCanvasElement) {
    this.canvas = canvas;
  }

  /** The colours have changed, as by the switch of dark and light. */
  forgetColors(): void {
    this.#colors = undefined;
  }

  /** Draws the last spans; the newest one is at the right edge. */
  draw({ start, binUs, bins, triggers, losses }: RateWindow): void {
    const context = this.canvas.getContext("2d");
    if (context === null) return;
    const { width, height } = this.#fit();
    const colors = this.#colors ??= this.#readColors();
    const perSecond = 1e6 / binUs;
    const highest = Math.max(...bins.map(({ on, off }) => (on + off) * perSecond));
    const top = niceAbove(Math.max(1000, highest));
    context.clearRect(0, 0, width, height);
    const labelHeight = 15 * devicePixelRatio;
    const plotHeight = height - labelHeight;
    const edgeOf = (index: number) => Math.round(index * width / bins.length);
    for (const [index, { on, off }] of bins.entries()) {
      const [left, right] = [edgeOf(index), edgeOf(index + 1)];
      const offTop = height - plotHeight * off * perSecond / top;
      const onTop = offTop - plotHeight * on * perSecond / top;
      context.fillStyle = colors.off;
      context.fillRect(left, offTop, right - left, height - offTop);
      context.fillStyle = colors.on;
      context.fillRect(left, onTop, right - left, offTop - onTop);
    }
    const xOf = (time: number) => width * (time - start) / (binUs * bins.length);
    const box = { top: labelHeight, height: plotHeight };
    drawMarks(context, { ...box, color: colors.mark, xs: triggers.map(xOf) });
    drawMarks(context, { ...box, color: colors.loss, xs: losses.map(xOf) });
    context.fillStyle = colors.ink;
    context.font = `${11 * devicePixelRatio}px system-ui, sans-serif`;
    context.textBaseline = "top";
    context.textAlign = "left";
    context.fillText(scaled(top, "ev/s"), 0, 0);
    context.textAlign = "right";
    context.fillText(`last ${(binUs * bins.length / 1e6).toFixed(0)} s`, width, 0);
  }

  /** As many pixels as the screen has. */
  #fit(): { readonly width: number; readonly height: number } {
    const width = Math.max(1, Math.round(this.canvas.clientWidth * devicePixelRatio));
    const height = Math.max(1, Math.round(this.canvas.clientHeight * devicePixelRatio));
    if (this.canvas.width !== width || this.canvas.height !== height) Object.assign(this.canvas, { width, height });
    return { width, height };
  }

  #readColors(): PlotColors {
    const style = getComputedStyle(this.canvas);
    const color = (name: string) => style.getPropertyValue(`--plot-${name}`);
    return { on: color("on"), off: color("off"), ink: color("ink"), mark: color("mark"), loss: color("loss") };
  }
}

/** Lines at some places. */
function drawMarks(
  context: CanvasRenderingContext2D,
  { xs, color, top, height }: {
    readonly xs: readonly number[];
    readonly color: string;
    readonly top: number;
    readonly height: number;
  },
): void {
  context.fillStyle = color;
  for (const x of xs) context.fillRect(Math.round(x), top, Math.max(1, Math.round(devicePixelRatio)), height);
}

/** The next of 1, 2, 5, 10, 20, 50, … at or above a value. */
function niceAbove(value: number): number {
  const power = 10 ** Math.floor(Math.log10(value));
  return [1, 2, 5, 10].map((factor) => factor * power).find((nice) => nice >= value)!;
}
