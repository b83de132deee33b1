import { AsyncIteration } from "./async_iteration.ts";
import type { AnyPacket, StreamItem } from "./stream_item.ts";
import type { IterationOwner, Result } from "./iteration.ts";

/**
 * One iteration as a web stream. It begins at the first read, takes an item when one is asked for, not before, and ends
 * when the stream is cancelled. `onEnd` is called when the stream gives nothing any more.
 */
export function readableOf(
  owner: IterationOwner,
  device: unknown,
  onEnd: () => void,
): ReadableStream<StreamItem<AnyPacket | undefined>> {
  const iteration = new AsyncIteration(owner, device);
  let ended = false;
  const end = () => {
    ended = true;
    onEnd();
  };
  return new ReadableStream<StreamItem<AnyPacket | undefined>>({
    async pull(controller) {
      const deliver = (result: Result) => {
        if (ended) return;
        if (!result.done) return controller.enqueue(result.value);
        end();
        controller.close();
      };
      try {
        // No memory is used again: a stream may keep items waiting.
        await iteration.take(false, deliver);
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
