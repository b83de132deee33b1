import type { ItemTaker } from "./async_packets.ts";

/**
 * One iteration as a web stream. It begins at the first read, takes an item when one is asked for, not before, and ends
 * when the stream is cancelled. `onEnd` is called when the stream gives nothing any more.
 */
export function readableOf<Item>(iteration: ItemTaker<Item>, onEnd: () => void): ReadableStream<Item> {
  let ended = false;
  const end = () => {
    ended = true;
    onEnd();
  };
  return new ReadableStream<Item>({
    async pull(controller) {
      const deliver = (result: IteratorResult<Item, undefined>) => {
        if (ended) return;
        if (!result.done) return controller.enqueue(result.value);
        end();
        controller.close();
      };
      try {
        // No memory is used again: a stream may keep items waiting.
        await iteration.take({ mayReuse: false, isLast: () => false, deliver });
      } catch (error) {
        end();
        throw error;
      }
    },
    cancel() {
      end();
      iteration.end();
    },
  }, { highWaterMark: 0 });
}
