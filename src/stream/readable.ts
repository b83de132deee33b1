import type { StreamItem } from "./event_stream.ts";

/** A source of items that is left with `close`. */
interface Source<P> {
  [Symbol.asyncIterator](): AsyncIterator<StreamItem<P>, undefined>;
  close(): void;
}

/**
 * A source as a web stream. It takes an item when somebody asks for it, not before. Packets are copied, since whoever
 * reads a stream may ask for the next one before it is done with the last. Cancelling it closes the source.
 */
export function readableOf<P>(source: Source<P>): ReadableStream<StreamItem<P>> {
  const iterator = source[Symbol.asyncIterator]();
  return new ReadableStream<StreamItem<P>>({
    async pull(controller) {
      const result = await iterator.next();
      if (result.done) return controller.close();
      controller.enqueue({ ...result.value, packet: copied(result.value.packet) });
    },
    cancel() {
      source.close();
    },
  }, { highWaterMark: 0 });
}

function copied<P>(packet: P): P {
  if (packet instanceof Uint8Array) return packet.slice() as P;
  return hasClone(packet) ? packet.clone() as P : packet;
}

function hasClone(value: unknown): value is { clone(): unknown } {
  return typeof value === "object" && value !== null && "clone" in value;
}
