/** A page with the virtual camera, whose module it fetches from beside its bundle. Tests call `virtualCameraPage`. */

import { propheseeEvk4 } from "../../../src/cameras/prophesee_evk4/driver.ts";
import { run } from "../../../src/protocol/run.ts";
import { open } from "../../../src/web/mod.ts";
import { pageSettling } from "../../../src/web/page_settling.ts";
import { UsbHandle } from "../../../src/web/usb_handle.ts";
import { createVirtualUsb } from "../../../src/web/virtual/virtual_usb.ts";
import type { VirtualCameraDescription } from "../../../src/virtual/description.ts";

/** What the page has seen of the camera's pattern. */
export interface PatternTold {
  readonly bytes: number;
  /** Numbers that were another one than the one before them and 1. */
  readonly jumps: number;
  readonly account: VirtualCameraDescription;
}

/** What the page has seen of the camera's sequence. */
export interface EventsTold {
  readonly events: number;
  /** Events that were not 4 µs after the one before them. */
  readonly jumps: number;
  readonly bytes: number;
  readonly account: VirtualCameraDescription;
}

const virtualCameraPage = {
  /** Opens a camera that sends the sequence, as a real one is opened, and decodes so many events. */
  async readSequence(eventsWanted: number): Promise<EventsTold> {
    const usb = await createVirtualUsb({ source: { kind: "sequence", intervalUs: 4 }, bytesPerSecond: 0 });
    const [usbDevice] = await usb.getDevices();
    const device = await open(usbDevice!, { usb, type: "prophesee-evk4" });
    let [events, jumps, next] = [0, 0, 0];
    for await (const { packet } of device) {
      for (const time of packet?.polarityEvents?.t ?? []) {
        if (time !== next) jumps += 1;
        next = time + 4;
        events += 1;
      }
      if (events > eventsWanted) break;
    }
    await device.close();
    return { events, jumps, bytes: device.statistics.bytes, account: usb.describe()[0]! };
  },

  /** Opens a camera that sends the pattern, and fetches so many bytes; at a rate, for as long as that takes. */
  async fetchPattern(bytesWanted: number, bytesPerSecond: number): Promise<PatternTold> {
    const usb = await createVirtualUsb({ source: { kind: "pattern" }, bytesPerSecond });
    const [device] = await usb.getDevices();
    const handle = await UsbHandle.open(device!, "the page's camera");
    await handle.claimInterface(0);
    const way = { bus: handle, settling: pageSettling };
    const camera = await run(propheseeEvk4.open(propheseeEvk4.checkConfiguration({})), way);
    let [bytes, jumps, next] = [0, 0, 0];
    const late = handle.takeLate(0x81);
    const take = (data: DataView) => {
      for (let offset = 0; offset < data.byteLength; offset += 8) {
        const number = data.getUint32(offset, true) + 2 ** 32 * data.getUint32(offset + 4, true);
        if (number !== next) jumps += 1;
        next = number + 1;
      }
      bytes += data.byteLength;
    };
    const queue = Array.from({ length: 32 }, () => device!.transferIn(1, 128 << 10));
    if (late !== undefined) take((await late.received).result!.data!);
    while (bytes < bytesWanted) {
      take((await queue.shift()!).data!);
      queue.push(device!.transferIn(1, 128 << 10));
    }
    for (const { data } of await Promise.all(queue)) take(data!);
    const account = usb.describe()[0]!;
    await run(camera.shutdown(), way);
    await handle.close();
    usb.close();
    return { bytes, jumps, account };
  },
};

/** For tests. */
export type VirtualCameraPage = typeof virtualCameraPage;

Object.assign(globalThis, { virtualCameraPage });
