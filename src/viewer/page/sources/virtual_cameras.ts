import { createVirtualUsb, open, type VirtualCameraModel, type VirtualUsb } from "../../../web/mod.ts";
import type { ViewerSource } from "../source.ts";
import { sourceOfDevice, viewerOptions } from "./device_source.ts";

/** One after the other, so that each sensor can be tried. */
const models: readonly VirtualCameraModel[] = ["evk4", "evk3-genx320", "silkyevcam-vga", "evk3-hd"];

/** Opens virtual cameras on one bus, which is made when the first one is asked for. */
export class VirtualCameras {
  #bus: Promise<VirtualUsb> | undefined;
  #opened = 0;

  /** Plugs in one more, and opens it as a real one is opened. */
  async open(): Promise<ViewerSource> {
    const usb = await this.#getBus();
    const handle = await usb.plugIn({ model: models[this.#opened++ % models.length] });
    try {
      const source = sourceOfDevice(await open(handle, { usb, ...viewerOptions }), "virtual");
      const close = async () => {
        await source.close();
        usb.unplug(handle);
      };
      return { ...source, close };
    } catch (error) {
      usb.unplug(handle);
      throw error;
    }
  }

  /** A bus that could not be made, as without a network, is tried again. */
  #getBus(): Promise<VirtualUsb> {
    const bus = this.#bus ??= createVirtualUsb([]).catch((error) => {
      this.#bus = undefined;
      throw error;
    });
    return bus;
  }
}
