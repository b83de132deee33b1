import type { Cameras, CameraType } from "../../cameras/cameras.ts";
import type { CameraProperties, Firmware } from "../../cameras/driver.ts";
import type { DecoderOptions } from "../../decoder/decoder.ts";
import type { Geometry, UsbSpeed } from "../../types.ts";

/** What is known of an open camera, by libusb and in a web page. */
export interface KnownCamera<Type extends CameraType> {
  /** Type of the camera, for example `"prophesee-evk4"`: tells which configuration and which sensors it has. */
  readonly type: Type;
  /**
   * What the camera calls itself, for example `"CenturyArks SilkyEvCam HD v03.09.00C"`, or, where its strings are empty,
   * the product with its ids. The list and errors call it the same.
   */
  readonly name: string;
  /** Serial in upper-case hexadecimal. */
  readonly serial: string;
  /**
   * Speed of the USB link: `"super"` (5 Gb/s) or faster is right. `"high"` (480 Mb/s, USB 2) works, but the camera loses
   * the events of busy scenes. `printDeviceList` warns of it; a program that shall warn its user looks here. A web page is
   * told the size of the packets only, and calls all that is faster `"super"`.
   */
  readonly speed: UsbSpeed;
  /** Sensor size and name. */
  readonly properties: CameraProperties;
  /** Sensor size, as a recording tells it, too: `createAccumulator({ kind: "count", ...device.geometry })`. */
  readonly geometry: Geometry;
  /** What a decoder of this camera's bytes must know: see `createDecoder`. */
  readonly decoderOptions: DecoderOptions;
  /** What the firmware says of itself, with a `warning` where another release is better. */
  readonly firmware: Firmware;
  /** The configuration in force. */
  readonly configuration: Cameras[Type]["configuration"];
  /** True from the first call of `close` on, and after all else that ends the device. */
  readonly closed: boolean;
}
