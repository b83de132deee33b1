/** A device's descriptors (USB 3.2, 9.6) as WebUSB shows them. */

import type { UsbAlternateInterface, UsbConfigurationDescriptor, UsbEndpoint } from "../usb_types.ts";

const CONFIGURATION = 2;
const INTERFACE = 4;
const ENDPOINT = 5;
const types = ["control", "isochronous", "bulk", "interrupt"] as const;

/** An endpoint as browsers show it. */
export interface FullEndpoint extends UsbEndpoint {
  readonly type: typeof types[number];
}

/** An alternate setting as browsers show it. */
export interface FullAlternate extends UsbAlternateInterface {
  readonly interfaceClass: number;
  readonly interfaceSubclass: number;
  readonly interfaceProtocol: number;
  readonly endpoints: readonly FullEndpoint[];
}

/** A configuration with its first interface's settings selected. */
export interface FullConfiguration extends UsbConfigurationDescriptor {
  readonly interfaces: readonly { readonly interfaceNumber: number; readonly alternates: readonly FullAlternate[] }[];
}

/** The configuration that a configuration descriptor tells of, with what follows it. Other descriptors are passed over. */
export function readConfiguration(bytes: Uint8Array): FullConfiguration {
  const interfaces: { interfaceNumber: number; alternates: FullAlternate[] }[] = [];
  let endpoints: FullEndpoint[] = [];
  let configurationValue = 0;
  for (const descriptor of descriptorsIn(bytes)) {
    const view = new DataView(descriptor.buffer, descriptor.byteOffset, descriptor.length);
    if (descriptor[1] === CONFIGURATION) configurationValue = view.getUint8(5);
    if (descriptor[1] === INTERFACE) {
      endpoints = [];
      const interfaceNumber = view.getUint8(2);
      let known = interfaces.find((each) => each.interfaceNumber === interfaceNumber);
      if (known === undefined) interfaces.push(known = { interfaceNumber, alternates: [] });
      known.alternates.push({
        alternateSetting: view.getUint8(3),
        interfaceClass: view.getUint8(5),
        interfaceSubclass: view.getUint8(6),
        interfaceProtocol: view.getUint8(7),
        endpoints,
      });
    }
    if (descriptor[1] === ENDPOINT) {
      const address = view.getUint8(2);
      endpoints.push({
        endpointNumber: address & 0xF,
        direction: address & 0x80 ? "in" : "out",
        type: types[view.getUint8(3) & 3]!,
        packetSize: view.getUint16(4, true),
      });
    }
  }
  return { configurationValue, interfaces };
}

function* descriptorsIn(bytes: Uint8Array): Generator<Uint8Array> {
  for (let offset = 0; offset + 2 <= bytes.length; offset += Math.max(2, bytes[offset]!)) {
    yield bytes.subarray(offset, offset + bytes[offset]!);
  }
}
