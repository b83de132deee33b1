/// <reference lib="dom" />
/** The Worker of a view, which the page talks to by `messages.ts`. */

import "../../../web/mod.ts"; // the library as WebAssembly
import type { Asked, Told } from "./messages.ts";
import type { ShowPixels } from "./picture.ts";
import { RendererServer } from "./renderer_server.ts";

const worker = globalThis as unknown as Pick<Worker, "onmessage"> & { postMessage(told: Told): void };
const server = new RendererServer({ tell: (told) => worker.postMessage(told), painterOn });
worker.onmessage = ({ data }: MessageEvent<Asked>) => server.take(data);

function painterOn(canvas: OffscreenCanvas): ShowPixels {
  const context = canvas.getContext("2d", { alpha: false });
  if (context === null) throw new Error("the browser gives the page no canvas to draw on");
  const { width, height } = canvas;
  return (pixels) => context.putImageData(new ImageData(pixels, width, height), 0, 0);
}
