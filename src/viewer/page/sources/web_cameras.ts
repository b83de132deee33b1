/// <reference lib="dom" />
import { getDevices, open, requestDevice, type UsbDevice, watchDevices } from "../../../web/mod.ts";
import type { CameraAccess } from "../cameras.ts";
import type { ViewerSource } from "../source.ts";
import { type AnyDevice, sourceOfDevice, viewerOptions } from "./device_source.ts";

/** Cameras over WebUSB; the virtual one as well, whose bus is made when it is first asked for. */
export function webCameras(openVirtual: () => Promise<ViewerSource>): CameraAccess<UsbDevice> {
  return {
    hasUsb: "usb" in navigator,
    request: () => requestDevice(),
    granted: () => getDevices(),
    watch: (onConnect) => watchDevices().addEventListener("connect", ({ device }) => onConnect(device)),
    open: async (handle) => sourceOfDevice(await openDevice(handle), "camera"),
    openVirtual,
  };
}

async function openDevice(handle: UsbDevice): Promise<AnyDevice> {
  return await open(handle, viewerOptions);
}
