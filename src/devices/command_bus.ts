import type { SyncBus } from "../protocol/bus.ts";
import { lacksMemory } from "../protocol/failures.ts";
import type { EventStream } from "../stream/event_stream.ts";
import type { UsbHandle } from "../usb/usb_handle.ts";

/**
 * The bus of a camera that streams. Commands and the stream take memory of one account of the system; where a command
 * finds none, the stream gives one of its transfers back and the command is tried once more.
 */
export function commandBus(handle: UsbHandle, stream: Pick<EventStream, "giveBack">): SyncBus {
  const tryTwice = <Result>(transfer: () => Result): Result => {
    try {
      return transfer();
    } catch (error) {
      if (!lacksMemory(error) || !stream.giveBack()) throw error;
      return transfer();
    }
  };
  return {
    description: handle.description,
    controlIn: (request) => tryTwice(() => handle.controlIn(request)),
    controlOut: (request) => tryTwice(() => handle.controlOut(request)),
    bulkOut: (endpoint, bytes, timeoutMs) => tryTwice(() => handle.bulkOut(endpoint, bytes, timeoutMs)),
    bulkIn: (endpoint, length, timeoutMs) => tryTwice(() => handle.bulkIn(endpoint, length, timeoutMs)),
    clearHalt: (endpoint) => tryTwice(() => handle.clearHalt(endpoint)),
    selectAlternateSetting: (interfaceNumber, setting) =>
      tryTwice(() => handle.selectAlternateSetting(interfaceNumber, setting)),
  };
}
