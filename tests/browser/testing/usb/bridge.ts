/** The test's end: lets a page use a `Usb` of this process. */

import type { Usb, UsbConnectionEvent, UsbDevice, UsbInTransferResult } from "../../../../src/web/usb_types.ts";
import {
  type Call,
  type DeviceDescription,
  type DeviceState,
  pack,
  type Result,
  type Told,
  unpack,
} from "./messages.ts";

/** Where the page looks for the bridge. */
export const bridgePath = "/usb";

/** Answers the WebSocket of a page. A page that goes away closes what it had open, as a browser does. */
export function bridgeUsb(usb: Usb): (request: Request) => Response {
  return (request) => {
    const { socket, response } = Deno.upgradeWebSocket(request, { idleTimeout: 0 });
    socket.binaryType = "arraybuffer";
    const bridge = new Bridge(usb, (message) => {
      if (socket.readyState === WebSocket.OPEN) socket.send(message);
    });
    socket.onmessage = ({ data }) => bridge.take(data);
    socket.onclose = () => bridge.close();
    return response;
  };
}

class Bridge {
  readonly #usb: Usb;
  readonly #send: (message: ArrayBuffer) => void;
  /** By their numbers. */
  readonly #devices: UsbDevice[] = [];
  readonly #tell = ({ type, device }: UsbConnectionEvent) => {
    this.#send(pack({ event: type as "connect" | "disconnect", device: this.#describe(device) }));
  };

  constructor(usb: Usb, send: (message: ArrayBuffer) => void) {
    this.#usb = usb;
    this.#send = send;
    usb.addEventListener("connect", this.#tell);
    usb.addEventListener("disconnect", this.#tell);
  }

  async take(message: ArrayBuffer): Promise<void> {
    const { header, bytes } = unpack<Call>(message);
    const { id } = header;
    try {
      const { told, data } = await this.#call(header, bytes);
      this.#send(pack(told, data));
    } catch (error) {
      const { name, message } = error as Error;
      this.#send(pack({ id, error: { name, message } }));
    }
  }

  async #call(call: Call, bytes: ArrayBuffer): Promise<{ told: Told; data?: Uint8Array }> {
    const { id } = call;
    if (call.method === "getDevices") {
      return { told: { id, devices: (await this.#usb.getDevices()).map((device) => this.#describe(device)) } };
    }
    const device = this.#devices[call.device]!;
    const parameters = call.method.endsWith("Out") ? [...call.parameters, bytes] : call.parameters;
    const method = device[call.method] as (...parameters: unknown[]) => Promise<unknown>;
    const { result, data } = readResult(await method.apply(device, parameters));
    return { told: { id, state: stateOf(device), result }, ...(data === undefined ? {} : { data }) };
  }

  #describe(device: UsbDevice): DeviceDescription {
    if (!this.#devices.includes(device)) this.#devices.push(device);
    return {
      number: this.#devices.indexOf(device),
      vendorId: device.vendorId,
      productId: device.productId,
      usbVersionMajor: device.usbVersionMajor,
      usbVersionMinor: device.usbVersionMinor,
      productName: device.productName ?? null,
      manufacturerName: device.manufacturerName ?? null,
      serialNumber: device.serialNumber ?? null,
      configurations: device.configurations,
      ...stateOf(device),
    };
  }

  close(): void {
    this.#usb.removeEventListener("connect", this.#tell);
    this.#usb.removeEventListener("disconnect", this.#tell);
    // One that was unplugged meanwhile refuses.
    for (const device of this.#devices) if (device.opened) device.close().catch(() => {});
  }
}

function stateOf({ opened, configuration }: UsbDevice): DeviceState {
  return { opened, configuration };
}

/** Of a transfer; undefined for what has no result. */
function readResult(result: unknown): { result: Result | undefined; data?: Uint8Array } {
  if (result === undefined || result === null) return { result: undefined };
  const { data, status, bytesWritten } = result as UsbInTransferResult & { bytesWritten?: number };
  const told = { status, bytesWritten, hasData: data !== undefined };
  if (data === undefined) return { result: told };
  return { result: told, data: new Uint8Array(data.buffer, data.byteOffset, data.byteLength) };
}
