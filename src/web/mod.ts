/**
 * USB event cameras in a web page: the page itself is the driver, over WebUSB.
 *
 * @module
 */

export type {
  Usb,
  UsbAlternateInterface,
  UsbConfigurationDescriptor,
  UsbConnectionEvent,
  UsbControlTransferParameters,
  UsbDevice,
  UsbDeviceFilter,
  UsbDeviceRequest,
  UsbDirection,
  UsbEndpoint,
  UsbInterface,
  UsbInTransferResult,
  UsbOutTransferResult,
  UsbTransferStatus,
} from "./usb_types.ts";
export type { WebDevice, WebDeviceOf, WebSensors } from "./web_device.ts";
export type {
  WebRecorder,
  WebRecordingResult,
  WebRecordOptions,
  WebRecordTarget,
  WritableFile,
} from "./web_recorder.ts";
