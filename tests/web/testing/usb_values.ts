/** Values that a browser makes. */

import type { UsbConfigurationDescriptor } from "../../../src/web/usb_types.ts";

/** What the virtual cameras' boards have. */
export function descriptorOf(packetSize: number): UsbConfigurationDescriptor {
  const endpoints = [[1, "in"], [2, "in"], [2, "out"]] as const;
  const endpointsOf = endpoints.map(([endpointNumber, direction]) => ({ endpointNumber, direction, packetSize }));
  const alternates = [{ alternateSetting: 0, endpoints: endpointsOf }];
  return { configurationValue: 1, interfaces: [{ interfaceNumber: 0, alternates }] };
}

/** Chromium's error of a transfer, whatever the reason. */
export function networkError(): DOMException {
  return new DOMException("A transfer error has occurred.", "NetworkError");
}

/** The bytes of what a page sends. */
export function bytesOf(data: BufferSource | undefined): Uint8Array {
  if (data === undefined) return new Uint8Array(0);
  return ArrayBuffer.isView(data)
    ? new Uint8Array(data.buffer, data.byteOffset, data.byteLength)
    : new Uint8Array(data);
}
