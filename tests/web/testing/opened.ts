import assert from "node:assert/strict";
import { configureVirtualBus, NeuromorphicError, type VirtualCameraOptions } from "../../../mod.ts";
import { type AnyPacket, getDevices, open, type UsbDevice, type WebDevice } from "../../../src/web/mod.ts";
import type { CommonWebOpenOptions } from "../../../src/web/open_options.ts";
import type { TestUsb } from "./usb_device.ts";

/** Any EVK4, decoded or raw. */
export type WebEvk4 = WebDevice<"prophesee-evk4", AnyPacket | undefined>;

/** The first camera that the page may open. */
export async function firstDevice(usb: TestUsb): Promise<UsbDevice> {
  const [device] = await getDevices({ usb });
  assert.ok(device !== undefined, "a camera is plugged in");
  return device;
}

/** Plugs one camera in, and opens it. */
export async function openWith(
  usb: TestUsb,
  camera: VirtualCameraOptions,
  options: CommonWebOpenOptions = {},
): Promise<WebEvk4> {
  await configureVirtualBus([camera]);
  return await open(await firstDevice(usb), { ...options, usb, type: "prophesee-evk4" });
}

/** For `assert.rejects`: an error of the library with one of the codes, whose message has the text. */
export function hasCode(code: string, text = ""): (error: unknown) => boolean {
  return (error) => {
    assert.ok(error instanceof NeuromorphicError, String(error));
    assert.equal(error.code, code, error.message);
    assert.ok(error.message.includes(text), error.message);
    return true;
  };
}
