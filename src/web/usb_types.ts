/**
 * The part of the WebUSB API that the library calls (https://wicg.github.io/webusb/). The interfaces are structural:
 * `navigator.usb` and its devices fit, and so does any object that behaves alike.
 */

/** Where a transfer goes to or comes from. */
export type UsbDirection = "in" | "out";

/** How a transfer ended that did not reject: `"stall"` is a halt of the endpoint, `"babble"` more bytes than asked for. */
export type UsbTransferStatus = "ok" | "stall" | "babble";

/** What a transfer from the device brought. */
export interface UsbInTransferResult {
  /** Absent where nothing came. */
  readonly data?: DataView | undefined;
  /** How it ended. */
  readonly status?: UsbTransferStatus | undefined;
}

/** What became of a transfer to the device. */
export interface UsbOutTransferResult {
  /** How many bytes the device took. */
  readonly bytesWritten: number;
  /** How it ended. */
  readonly status?: UsbTransferStatus | undefined;
}

/** A control request. */
export interface UsbControlTransferParameters {
  /** Who defines the request. */
  readonly requestType: "standard" | "class" | "vendor";
  /** What it is for. */
  readonly recipient: "device" | "interface" | "endpoint" | "other";
  /** Its number (bRequest). */
  readonly request: number;
  /** A number for it (wValue). */
  readonly value: number;
  /** Another one (wIndex). */
  readonly index: number;
}

/** An endpoint of an alternate setting. */
export interface UsbEndpoint {
  /** Its number without the bit of the direction: 1 where libusb has 0x81. */
  readonly endpointNumber: number;
  /** Where its transfers go. */
  readonly direction: UsbDirection;
  /** The most bytes of one packet: 1024 for bulk transfers of USB 3, 512 of USB 2. */
  readonly packetSize: number;
}

/** A setting of an interface. */
export interface UsbAlternateInterface {
  /** Number of the setting. */
  readonly alternateSetting: number;
  /** What can be talked to while it is selected. */
  readonly endpoints: readonly UsbEndpoint[];
}

/** An interface of a device. */
export interface UsbInterface {
  /** Number of the interface. */
  readonly interfaceNumber: number;
  /** Its settings; the first one is selected by the claim. */
  readonly alternates: readonly UsbAlternateInterface[];
}

/** A configuration of a device. */
export interface UsbConfigurationDescriptor {
  /** Number of the configuration. */
  readonly configurationValue: number;
  /** Its interfaces. */
  readonly interfaces: readonly UsbInterface[];
}

/**
 * A device, as `USBDevice` of the browser is one. Methods reject with a `DOMException`.
 */
export interface UsbDevice {
  /** Vendor id of USB. */
  readonly vendorId: number;
  /** Product id of USB. */
  readonly productId: number;
  /** Version of USB that the device speaks: 3 of 3.1. */
  readonly usbVersionMajor: number;
  /** The same: 1 of 3.1. */
  readonly usbVersionMinor: number;
  /** Its product string. */
  readonly productName?: string | null | undefined;
  /** Its manufacturer's string. */
  readonly manufacturerName?: string | null | undefined;
  /** Its serial number string. */
  readonly serialNumber?: string | null | undefined;
  /** Whether this page has it open. */
  readonly opened: boolean;
  /** The active configuration; absent where none is. */
  readonly configuration?: UsbConfigurationDescriptor | null | undefined;
  /** All that it has. */
  readonly configurations: readonly UsbConfigurationDescriptor[];
  /** True of a device that is software, whose sensor has nothing to settle: waits are left out. Browsers have none. */
  readonly isVirtual?: boolean | undefined;
  /** Opens it for this page. */
  open(): Promise<void>;
  /** Cancels what is queued, releases what is claimed, and closes. */
  close(): Promise<void>;
  /** Makes a configuration the active one. */
  selectConfiguration(configurationValue: number): Promise<void>;
  /** Takes an interface for this page alone. */
  claimInterface(interfaceNumber: number): Promise<void>;
  /** Lets go of it; transfers that are queued on it reject. */
  releaseInterface(interfaceNumber: number): Promise<void>;
  /** Selects a setting of a claimed interface. */
  selectAlternateInterface(interfaceNumber: number, alternateSetting: number): Promise<void>;
  /** Ends the halt of an endpoint. */
  clearHalt(direction: UsbDirection, endpointNumber: number): Promise<void>;
  /** Asks by a control request. */
  controlTransferIn(setup: UsbControlTransferParameters, length: number): Promise<UsbInTransferResult>;
  /** Tells by a control request. */
  controlTransferOut(setup: UsbControlTransferParameters, data?: BufferSource): Promise<UsbOutTransferResult>;
  /** Results come in the order of the calls. There is no timeout, and no way to cancel one transfer alone. */
  transferIn(endpointNumber: number, length: number): Promise<UsbInTransferResult>;
  /** Sends all bytes. */
  transferOut(endpointNumber: number, data: BufferSource): Promise<UsbOutTransferResult>;
}

/** Which devices a user may choose from. */
export interface UsbDeviceFilter {
  /** Vendor id of USB. */
  readonly vendorId?: number;
  /** Product id of USB. */
  readonly productId?: number;
  /** Class of the device or one of its interfaces. */
  readonly classCode?: number;
  /** Its subclass. */
  readonly subclassCode?: number;
  /** Its protocol. */
  readonly protocolCode?: number;
  /** Its serial number string. */
  readonly serialNumber?: string;
}

/** What `requestDevice` is asked for. */
export interface UsbDeviceRequest {
  /** One that fits suffices; none allows all devices. */
  readonly filters: UsbDeviceFilter[];
}

/** What `connect` and `disconnect` tell. */
export interface UsbConnectionEvent extends Event {
  /** The device. One that is plugged in again is a new object. */
  readonly device: UsbDevice;
}

/** `navigator.usb`. */
export interface Usb {
  /** The devices that the user has allowed and that are plugged in. The same device is the same object each time. */
  getDevices(): Promise<UsbDevice[]>;
  /** Asks the user, who must have clicked or pressed a key just before. Not in Workers. */
  requestDevice?(options: UsbDeviceRequest): Promise<UsbDevice>;
  /** Listens for devices that the user has allowed. */
  addEventListener(type: "connect" | "disconnect", listener: (event: UsbConnectionEvent) => void): void;
  /** Ends listening. */
  removeEventListener(type: "connect" | "disconnect", listener: (event: UsbConnectionEvent) => void): void;
}
