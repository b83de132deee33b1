/// <reference lib="dom" />
import { wireErrorOf } from "../../wire_errors.ts";
import type { Asked, Input, Told } from "./messages.ts";
import type { ShowPixels } from "./picture.ts";
import { openRenderer, type Renderer } from "./renderer.ts";

/** What a Worker has. */
export interface RendererServerOptions {
  readonly tell: (told: Told) => void;
  /** Gives what puts pictures on a canvas. */
  readonly painterOn: (canvas: OffscreenCanvas) => ShowPixels;
}

/** The Worker's end of a view: takes what the page asks for, in its order. */
export class RendererServer {
  readonly #options: RendererServerOptions;
  #renderer: Renderer | undefined;
  #showPixels: ShowPixels = () => {};

  constructor(options: RendererServerOptions) {
    this.#options = options;
  }

  take(asked: Asked): void {
    if (asked.kind === "open") return void this.#open(asked.input);
    if (asked.kind !== "show") return this.#renderer!.take(asked);
    this.#showPixels = this.#options.painterOn(asked.canvas);
    this.#renderer!.run();
  }

  async #open(input: Input): Promise<void> {
    const { tell } = this.#options;
    try {
      const { renderer, recording } = await openRenderer(input, { tell, showPixels: (rgba) => this.#showPixels(rgba) });
      this.#renderer = renderer;
      tell({ kind: "opened", recording });
    } catch (error) {
      tell({ kind: "failed", error: wireErrorOf(error) });
    }
  }
}
