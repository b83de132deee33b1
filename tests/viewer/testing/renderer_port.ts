/** A view's Worker in the thread of the test: messages are cloned and moved as a Worker's are. */

import type { Asked, Told } from "../../../src/viewer/page/renderer/messages.ts";
import type { RendererPort } from "../../../src/viewer/page/renderer/renderer_link.ts";
import { RendererServer } from "../../../src/viewer/page/renderer/renderer_server.ts";

/** What stands in for a canvas. */
export const noCanvas = {} as OffscreenCanvas;

/** The page's port; `pixels` has the last picture. */
export interface TestPort extends RendererPort {
  readonly pixels: () => Uint8ClampedArray;
  /** What was asked and not answered by `taken` yet. */
  readonly bytesOnTheWay: () => number;
}

/** Starts one. */
export function startTestPort(): TestPort {
  const { port1, port2 } = new MessageChannel();
  let pixels = new Uint8ClampedArray();
  let bytesOnTheWay = 0;
  const server = new RendererServer({
    tell: (told) => port2.postMessage(told),
    painterOn: () => (shown) => pixels = shown.slice(),
  });
  port2.onmessage = ({ data }: MessageEvent<Asked>) => server.take(data);
  const port: TestPort = {
    onmessage: null,
    onerror: null,
    pixels: () => pixels,
    bytesOnTheWay: () => bytesOnTheWay,
    postMessage(asked, transfer) {
      if (asked.kind === "show") return port1.postMessage({ kind: "show" }); // a canvas cannot be made here
      if (asked.kind === "bytes") bytesOnTheWay += asked.packet.length;
      port1.postMessage(asked, transfer);
    },
    terminate() {
      port1.close();
      port2.close();
    },
  };
  port1.onmessage = (event: MessageEvent<Told>) => {
    if (event.data.kind === "taken") bytesOnTheWay -= event.data.bytes;
    port.onmessage?.(event);
  };
  return port;
}
