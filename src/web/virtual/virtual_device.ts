// deno-lint-ignore-file require-await -- methods of WebUSB reject, and never throw at once
/** A virtual camera as WebUSB shows a device: states, checks and errors as browsers have them. */

import type {
  UsbConfigurationDescriptor,
  UsbControlTransferParameters,
  UsbDevice,
  UsbDirection,
  UsbInTransferResult,
  UsbOutTransferResult,
} from "../usb_types.ts";
import type { Clock } from "./clock.ts";
import type { FullAlternate, FullConfiguration } from "./descriptors.ts";
import { readConfiguration } from "./descriptors.ts";
import type { ModelCamera, Outcome } from "./model_camera.ts";
import { TransferQueues } from "./transfer_queues.ts";

/** More is refused by Chromium, whatever the system could do. */
const MAXIMUM_TRANSFER_BYTES = 32 << 20;

/** What a setup can say. */
const MAXIMUM_CONTROL_BYTES = 0xFFFF;

/** What a device has beside the model. */
export interface DevicePlace {
  readonly clock: Clock;
  /** Whether the user may open it. */
  readonly permission: boolean;
  /** Of all queued transfers, as Linux limits it. */
  readonly memoryLimitBytes: number;
  /** Called when a fault unplugs the camera. */
  readonly gone: () => void;
}

export class VirtualUsbDevice implements UsbDevice {
  readonly isVirtual = true;
  readonly usbVersionMajor: number;
  readonly usbVersionMinor: number;
  readonly usbVersionSubminor: number;
  readonly deviceClass: number;
  readonly deviceSubclass: number;
  readonly deviceProtocol: number;
  readonly vendorId: number;
  readonly productId: number;
  readonly deviceVersionMajor: number;
  readonly deviceVersionMinor: number;
  readonly deviceVersionSubminor: number;
  readonly manufacturerName: string;
  readonly productName: string;
  readonly serialNumber: string;
  readonly configurations: readonly FullConfiguration[];

  readonly #camera: ModelCamera;
  readonly #place: DevicePlace;
  readonly #queues: TransferQueues;
  /** The selected alternate setting of each claimed interface. */
  readonly #claimed = new Map<number, number>();
  #configuration: FullConfiguration;
  #isOpen = false;
  #isConnected = true;

  constructor(camera: ModelCamera, place: DevicePlace) {
    this.#camera = camera;
    this.#place = place;
    this.#queues = new TransferQueues(camera, place.clock, place.gone);
    const device = this.#descriptor(0x0100);
    [this.usbVersionMajor, this.usbVersionMinor, this.usbVersionSubminor] = version(device, 2);
    [this.deviceClass, this.deviceSubclass, this.deviceProtocol] = [device[4]!, device[5]!, device[6]!];
    this.vendorId = device[8]! | device[9]! << 8;
    this.productId = device[10]! | device[11]! << 8;
    [this.deviceVersionMajor, this.deviceVersionMinor, this.deviceVersionSubminor] = version(device, 12);
    this.manufacturerName = this.#string(device[14]!);
    this.productName = this.#string(device[15]!);
    this.serialNumber = this.#string(device[16]!);
    this.#configuration = readConfiguration(this.#descriptor(0x0200));
    this.configurations = [this.#configuration];
  }

  get opened(): boolean {
    return this.#isOpen;
  }

  get configuration(): UsbConfigurationDescriptor {
    return this.#configuration;
  }

  async open(): Promise<void> {
    this.#mustBeConnected();
    if (!this.#place.permission) throw new DOMException("Access denied.", "SecurityError");
    this.#isOpen = true;
  }

  async close(): Promise<void> {
    this.#mustBeConnected();
    this.#isOpen = false;
    this.#claimed.clear();
    this.#queues.cancel(() => new DOMException("The transfer was cancelled.", "AbortError"), true);
  }

  /** Takes the user's permission away. A virtual camera's is not asked for, so it is only closed. */
  async forget(): Promise<void> {
    if (this.#isOpen) await this.close();
  }

  async reset(): Promise<void> {
    this.#mustBeOpen();
    this.#queues.cancel(transferError, true);
    this.#camera.resetEndpoints(this.#queues.nowNs());
  }

  async selectConfiguration(configurationValue: number): Promise<void> {
    this.#mustBeOpen();
    const chosen = this.configurations.find((each) => each.configurationValue === configurationValue);
    if (chosen === undefined) {
      throw new DOMException("The configuration value provided is not supported by the device.", "NotFoundError");
    }
    this.#claimed.clear();
    this.#queues.cancel(transferError, false);
    this.#configuration = chosen;
    this.#camera.resetEndpoints(this.#queues.nowNs());
  }

  async claimInterface(interfaceNumber: number): Promise<void> {
    this.#mustBeOpen();
    const known = this.#configuration.interfaces.some((each) => each.interfaceNumber === interfaceNumber);
    if (!known) throw noInterface();
    if (!this.#claimed.has(interfaceNumber)) this.#claimed.set(interfaceNumber, 0);
  }

  async releaseInterface(interfaceNumber: number): Promise<void> {
    this.#mustBeOpen();
    if (!this.#configuration.interfaces.some((each) => each.interfaceNumber === interfaceNumber)) throw noInterface();
    if (this.#claimed.delete(interfaceNumber)) this.#queues.cancel(transferError, false);
  }

  async selectAlternateInterface(interfaceNumber: number, alternateSetting: number): Promise<void> {
    this.#mustBeOpen();
    if (!this.#claimed.has(interfaceNumber)) throw invalidState("The specified interface has not been claimed.");
    if (this.#alternateOf(interfaceNumber, alternateSetting) === undefined) {
      throw new DOMException(
        "The alternate setting provided is not supported by the device in its current configuration.",
        "NotFoundError",
      );
    }
    this.#claimed.set(interfaceNumber, alternateSetting);
    this.#camera.resetEndpoints(this.#queues.nowNs());
    this.#queues.turnSoon();
  }

  async clearHalt(direction: UsbDirection, endpointNumber: number): Promise<void> {
    const endpoint = this.#endpointOf(direction, endpointNumber);
    this.#camera.clearHalt(this.#queues.nowNs(), endpoint);
    this.#queues.turnSoon();
  }

  async controlTransferIn(setup: UsbControlTransferParameters, length: number): Promise<UsbInTransferResult> {
    this.#mustBeOpen();
    const bytes = this.#setupOf(setup, 0x80, length);
    return inResult(await this.#submit(0, length, (camera, nowNs) => camera.control(nowNs, bytes)));
  }

  async controlTransferOut(setup: UsbControlTransferParameters, data?: BufferSource): Promise<UsbOutTransferResult> {
    this.#mustBeOpen();
    const sent = copyOf(data);
    const bytes = this.#setupOf(setup, 0, sent.length);
    return outResult(await this.#submit(0, sent.length, (camera, nowNs) => camera.control(nowNs, bytes, sent)));
  }

  async transferIn(endpointNumber: number, length: number): Promise<UsbInTransferResult> {
    const endpoint = this.#endpointOf("in", endpointNumber);
    return inResult(await this.#submit(endpoint, length, (camera, nowNs) => camera.read(nowNs, endpoint, length)));
  }

  async transferOut(endpointNumber: number, data: BufferSource): Promise<UsbOutTransferResult> {
    const endpoint = this.#endpointOf("out", endpointNumber);
    const sent = copyOf(data);
    return outResult(await this.#submit(endpoint, sent.length, (camera, nowNs) => camera.write(nowNs, endpoint, sent)));
  }

  /** The camera was unplugged: what is queued ends, and nothing works any more. The model is not used after it. */
  disconnect(): void {
    if (!this.#isConnected) return;
    this.#queues.cancel(transferError, true);
    this.#isConnected = false;
    this.#isOpen = false;
    this.#claimed.clear();
  }

  #submit(endpoint: number, length: number, ask: (camera: ModelCamera, nowNs: number) => Outcome): Promise<Outcome> {
    checkLength(length, endpoint === 0 ? MAXIMUM_CONTROL_BYTES : 2 ** 32 - 1);
    if (length > MAXIMUM_TRANSFER_BYTES) {
      const message = `The data buffer exceeded supported maximum size of ${MAXIMUM_TRANSFER_BYTES} bytes`;
      throw new DOMException(message, "DataError");
    }
    if (this.#queues.pendingBytes + length > this.#place.memoryLimitBytes) throw transferError();
    return this.#queues.submit({ endpoint, length, ask });
  }

  #setupOf(setup: UsbControlTransferParameters, direction: number, length: number): Uint8Array {
    const { requestType, recipient, request, value, index } = setup;
    if (recipient === "interface" && !this.#claimed.has(index & 0xFF)) {
      throw invalidState("The specified interface has not been claimed.");
    }
    if (recipient === "endpoint") this.#endpointOf(index & 0x80 ? "in" : "out", index & 0xF);
    const kinds = ["standard", "class", "vendor"].indexOf(requestType);
    const whom = ["device", "interface", "endpoint", "other"].indexOf(recipient);
    if (kinds < 0 || whom < 0) throw new TypeError(`no control request is ${requestType} to ${recipient}`);
    const view = new DataView(new ArrayBuffer(8));
    view.setUint8(0, direction | kinds << 5 | whom);
    view.setUint8(1, request);
    view.setUint16(2, value, true);
    view.setUint16(4, index, true);
    view.setUint16(6, length, true);
    return new Uint8Array(view.buffer);
  }

  #alternateOf(interfaceNumber: number, setting: number): FullAlternate | undefined {
    return this.#configuration.interfaces.find((each) => each.interfaceNumber === interfaceNumber)
      ?.alternates.find(({ alternateSetting }) => alternateSetting === setting);
  }

  /** The address of an endpoint that can be used now. */
  #endpointOf(direction: UsbDirection, endpointNumber: number): number {
    this.#mustBeOpen();
    if (!(endpointNumber >= 1 && endpointNumber <= 15)) {
      throw new DOMException("The specified endpoint number is out of range.", "IndexSizeError");
    }
    const isThere = [...this.#claimed].some(([number, setting]) =>
      this.#alternateOf(number, setting)!.endpoints.some((endpoint) =>
        endpoint.endpointNumber === endpointNumber && endpoint.direction === direction
      )
    );
    if (isThere) return endpointNumber | (direction === "in" ? 0x80 : 0);
    throw new DOMException(
      "The specified endpoint is not part of a claimed and selected alternate interface.",
      "NotFoundError",
    );
  }

  #mustBeConnected(): void {
    if (!this.#isConnected) throw new DOMException("The device was disconnected.", "NotFoundError");
  }

  #mustBeOpen(): void {
    this.#mustBeConnected();
    if (!this.#isOpen) throw invalidState("The device must be opened first.");
  }

  /** A descriptor, read as the browser reads it when the device is plugged in. */
  #descriptor(value: number): Uint8Array {
    const setup = [0x80, 6, value & 0xFF, value >> 8, 0, 0, 0xFF, 0];
    return this.#camera.control(this.#queues.nowNs(), new Uint8Array(setup)).bytes ?? new Uint8Array();
  }

  #string(index: number): string {
    return index === 0 ? "" : new TextDecoder("utf-16le").decode(this.#descriptor(0x0300 | index).subarray(2));
  }
}

function inResult({ end, bytes }: Outcome): UsbInTransferResult {
  const status = statusOf(end);
  return { data: new DataView((bytes ?? new Uint8Array()).buffer), status };
}

function outResult({ end, length }: Outcome): UsbOutTransferResult {
  return { bytesWritten: length, status: statusOf(end) };
}

/** STALL and babble are results; anything else rejects, and its bytes are lost. */
function statusOf(end: Outcome["end"]): "ok" | "stall" | "babble" {
  if (end === "done") return "ok";
  if (end === "stall") return "stall";
  if (end === "overflow") return "babble";
  throw transferError();
}

function transferError(): DOMException {
  return new DOMException("A transfer error has occurred.", "NetworkError");
}

function invalidState(message: string): DOMException {
  return new DOMException(message, "InvalidStateError");
}

function noInterface(): DOMException {
  const message = "The interface number provided is not supported by the device in its current configuration.";
  return new DOMException(message, "NotFoundError");
}

function checkLength(length: number, maximum: number): void {
  if (!Number.isInteger(length) || length < 0 || length > maximum) {
    throw new TypeError(`length must be a whole number from 0 to ${maximum}, not ${length}`);
  }
}

/** The page may change its buffer after the call. */
function copyOf(data: BufferSource | undefined): Uint8Array {
  if (data === undefined) return new Uint8Array();
  return ArrayBuffer.isView(data)
    ? new Uint8Array(data.buffer, data.byteOffset, data.byteLength).slice()
    : new Uint8Array(data.slice(0));
}

/** A version in binary-coded decimal digits: 0x0321 is 3.2.1. */
function version(descriptor: Uint8Array, offset: number): [number, number, number] {
  const minor = descriptor[offset]!;
  const major = descriptor[offset + 1]!;
  return [(major >> 4) * 10 + (major & 15), minor >> 4, minor & 15];
}
