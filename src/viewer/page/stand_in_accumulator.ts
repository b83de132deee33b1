import type { Accumulator, AccumulatorOptions, ImageOptions } from "../../accumulator/accumulator.ts";
import type { Packet } from "../../packets/packet.ts";

/** Decay alone, in TypeScript. */
export function createAccumulator({ width, height }: AccumulatorOptions): Promise<PageAccumulator> {
  const last = new Float64Array(width * height).fill(-Infinity);
  const on = new Uint8Array(width * height);
  const rgba = new Uint8ClampedArray(4 * width * height);
  let time = 0;
  return Promise.resolve({
    add({ polarityEvents }: Packet) {
      let onEvents = 0;
      for (let i = 0; i < (polarityEvents?.t.length ?? 0); i++) {
        const { t, x, y, on: isOn } = polarityEvents!;
        const pixel = y[i]! * width + x[i]!;
        last[pixel] = t[i]!;
        time = t[i]!;
        on[pixel] = isOn[i]!;
        onEvents += isOn[i]!;
      }
      return { events: polarityEvents?.t.length ?? 0, onEvents, outside: 0 };
    },
    image({ t = time, tauUs = 30_000 }: ImageOptions = {}) {
      for (let i = 0; i < last.length; i++) {
        const value = Math.exp((last[i]! - t) / tauUs);
        const [r, g, b] = on[i] === 1 ? [255, 190, 80] : [60, 140, 255];
        rgba[4 * i] = value * r!;
        rgba[4 * i + 1] = value * g!;
        rgba[4 * i + 2] = value * b!;
        rgba[4 * i + 3] = 255;
      }
      return rgba;
    },
    clear: () => void last.fill(-Infinity),
    reset: () => void last.fill(-Infinity),
    close() {},
  });
}

export type PageAccumulator = Pick<Accumulator, "add" | "image" | "clear" | "reset" | "close">;
