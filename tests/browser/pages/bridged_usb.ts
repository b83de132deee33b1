/**
 * The page's end: a script that runs before the page's own and gives it a `navigator.usb` whose devices are those of the
 * test. What the page calls travels there; its errors come back as a browser's `DOMException`.
 */

import type { Usb, UsbControlTransferParameters, UsbDevice, UsbDirection } from "../../../src/web/usb_types.ts";
import {
  type Call,
  type DeviceDescription,
  type DeviceMethod,
  type Heard,
  pack,
  type Told,
  unpack,
} from "../testing/usb/messages.ts";

/** A call without its number. */
type Asked =
  | { readonly method: "getDevices" }
  | { readonly method: DeviceMethod; readonly device: number; readonly parameters: unknown[] };

interface Reply {
  readonly told: Told;
  readonly bytes: ArrayBuffer;
}

class Connection {
  readonly #socket: WebSocket;
  readonly #opened: Promise<void>;
  readonly #waiting = new Map<number, (reply: Reply) => void>();
  #lastId = 0;

  constructor(url: string, onHeard: (heard: Heard) => void) {
    this.#socket = new WebSocket(url);
    this.#socket.binaryType = "arraybuffer";
    this.#opened = new Promise((resolve) => this.#socket.addEventListener("open", () => resolve()));
    this.#socket.addEventListener("message", ({ data }) => {
      const { header: told, bytes } = unpack<Told>(data);
      if ("event" in told) return onHeard(told);
      this.#waiting.get(told.id)?.({ told, bytes });
      this.#waiting.delete(told.id);
    });
  }

  async call(asked: Asked, bytes?: Uint8Array): Promise<Reply> {
    const id = ++this.#lastId;
    const reply = new Promise<Reply>((resolve) => this.#waiting.set(id, resolve));
    const message = pack({ id, ...asked } as Call, bytes);
    // Without a wait where none is needed: the order of the calls is that of the transfers.
    if (this.#socket.readyState === WebSocket.CONNECTING) this.#opened.then(() => this.#socket.send(message));
    else this.#socket.send(message);
    const { told, bytes: received } = await reply;
    if ("error" in told) throw new DOMException(told.error.message, told.error.name);
    return { told, bytes: received };
  }
}

/** The description's fields stand in the object, as those of a browser's device do. */
interface BridgedDevice extends DeviceDescription {}

class BridgedDevice implements UsbDevice {
  readonly #connection: Connection;

  constructor(connection: Connection, description: DeviceDescription) {
    this.#connection = connection;
    Object.assign(this, description);
  }

  open = () => this.#call("open", []).then(() => {});
  close = () => this.#call("close", []).then(() => {});
  selectConfiguration = (value: number) => this.#call("selectConfiguration", [value]).then(() => {});
  claimInterface = (number: number) => this.#call("claimInterface", [number]).then(() => {});
  releaseInterface = (number: number) => this.#call("releaseInterface", [number]).then(() => {});

  async selectAlternateInterface(interfaceNumber: number, alternateSetting: number): Promise<void> {
    await this.#call("selectAlternateInterface", [interfaceNumber, alternateSetting]);
  }

  async clearHalt(direction: UsbDirection, endpointNumber: number): Promise<void> {
    await this.#call("clearHalt", [direction, endpointNumber]);
  }

  async controlTransferIn(setup: UsbControlTransferParameters, length: number) {
    return await this.#transferIn("controlTransferIn", [setup, length]);
  }

  async controlTransferOut(setup: UsbControlTransferParameters, data: BufferSource = new Uint8Array()) {
    return await this.#transferOut("controlTransferOut", setup, data);
  }

  async transferIn(endpointNumber: number, length: number) {
    return await this.#transferIn("transferIn", [endpointNumber, length]);
  }

  async transferOut(endpointNumber: number, data: BufferSource) {
    return await this.#transferOut("transferOut", endpointNumber, data);
  }

  async #transferIn(method: DeviceMethod, parameters: unknown[]) {
    const { result, bytes } = await this.#call(method, parameters);
    const status = result!.status as "ok" | "stall" | "babble";
    return result!.hasData ? { status, data: new DataView(bytes) } : { status };
  }

  async #transferOut(method: DeviceMethod, parameter: unknown, data: BufferSource) {
    const bytes = ArrayBuffer.isView(data)
      ? new Uint8Array(data.buffer, data.byteOffset, data.byteLength)
      : new Uint8Array(data);
    const { result } = await this.#call(method, [parameter], bytes);
    const { status, bytesWritten } = result!;
    return { status: status as "ok" | "stall", bytesWritten: bytesWritten! };
  }

  async #call(method: DeviceMethod, parameters: unknown[], bytes?: Uint8Array) {
    const reply = await this.#connection.call({ method, device: this.number, parameters }, bytes);
    if (!("state" in reply.told)) throw new Error(`${method} got ${JSON.stringify(reply.told)}`);
    Object.assign(this, reply.told.state);
    return { result: reply.told.result, bytes: reply.bytes };
  }
}

class BridgedUsb extends EventTarget {
  readonly #connection: Connection;
  /** By their numbers: the same device is the same object. */
  readonly #devices = new Map<number, BridgedDevice>();

  constructor(url: string) {
    super();
    this.#connection = new Connection(url, ({ event, device }) => {
      this.dispatchEvent(Object.assign(new Event(event), { device: this.#deviceOf(device) }));
    });
  }

  async getDevices(): Promise<UsbDevice[]> {
    const { told } = await this.#connection.call({ method: "getDevices" });
    return "devices" in told ? told.devices.map((description) => this.#deviceOf(description)) : [];
  }

  /** The user's choice is the first one that fits. */
  async requestDevice({ filters }: { filters: { vendorId?: number; productId?: number }[] }): Promise<UsbDevice> {
    const found = (await this.getDevices()).find((device) =>
      filters.some(({ vendorId = device.vendorId, productId = device.productId }) =>
        device.vendorId === vendorId && device.productId === productId
      )
    );
    if (found === undefined) throw new DOMException("No device selected.", "NotFoundError");
    return found;
  }

  #deviceOf(description: DeviceDescription): BridgedDevice {
    const known = this.#devices.get(description.number) ?? new BridgedDevice(this.#connection, description);
    this.#devices.set(description.number, known);
    const { opened, configuration } = description;
    return Object.assign(known, { opened, configuration });
  }
}

if (location.protocol === "http:") {
  const usb: Usb = new BridgedUsb(`ws://${location.host}/usb`) as unknown as Usb;
  Object.defineProperty(navigator, "usb", { value: usb, configurable: true });
}
