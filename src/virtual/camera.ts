/** What a virtual camera is made of; checked in `camera_check.ts`. */

import type { UsbSpeed } from "../types.ts";

/**
 * Cameras that the virtual bus can carry: those that speak the EVK4's protocol.
 *
 * | model             | camera                                                    |
 * | ----------------- | --------------------------------------------------------- |
 * | `"evk4"`          | Prophesee EVK4, product id 0x00F5                         |
 * | `"evk4-00f4"`     | Prophesee EVK4, product id 0x00F4 (shared with the EVK3)  |
 * | `"silkyevcam-hd"` | CenturyArks SilkyEvCam HD                                 |
 * | `"ueye-xcpe"`     | IDS uEye XCP-E                                            |
 */
export type VirtualCameraModel = "evk4" | "evk4-00f4" | "silkyevcam-hd" | "ueye-xcpe";

/**
 * What a virtual camera sees.
 *
 * Masks, biases and the rate limiter change a scene and a recording at once. Masked pixels send nothing. Of each period
 * the first `maximumEventsPerPeriod` events get through (which ones the sensor drops is unknown). Biases set towards
 * fewer events drop a share of them. That share is made up, because the sensor's is unknown: half of the events for each
 * 32 codes beyond the default. `diffOn` (up from `diff`) drops ON events, `diffOff` (away from `diff`) OFF events; `fo`
 * (down), `hpf` (up) and `refr` (down) drop both. Towards more events a bias changes nothing; the others never do.
 *
 * While events are left out, the camera looks at every word. At hundreds of MB/s that may take too long: the camera loses
 * bytes then, and counts them.
 */
export type VirtualSource =
  /** A rotating star with noise; the same seed (a whole number, default 1) gives the same events. */
  | { readonly kind: "scene"; readonly seed?: number | undefined }
  /** A RAW file in EVT3, in a loop whose time goes on growing. */
  | { readonly kind: "recording"; readonly path: string }
  /**
   * An event every `intervalUs` (default 1; a power of 2 up to 4096), which tells its own place: event n has
   * t = n * intervalUs, and of m = n modulo 2^20 / intervalUs, x = m modulo 1280, y = m modulo 720, on = m modulo 2.
   * At another rate than its own the sensor's time passes at another speed, too. No register leaves an event out.
   */
  | { readonly kind: "sequence"; readonly intervalUs?: number | undefined }
  /** 64-bit little-endian numbers from 0 on instead of events, to be read raw: every lost byte shows. */
  | { readonly kind: "pattern" };

/**
 * What goes wrong, and where it can.
 *
 * | kind                                           | where                | what happens                                  |
 * | ---------------------------------------------- | -------------------- | --------------------------------------------- |
 * | `"unplug"`                                     | endpoint or function | the camera is gone                            |
 * | `"stall"`, `"hang"`, `"protocol-error"`        | endpoint             | STALL; never an answer; as a broken cable     |
 * | `"overflow"`, `"zero-length"`, `"short"`       | endpoint, not 0x02   | babble; empty packets; at most `length` bytes |
 * | `"delay"`, `"wrong-command"`, `"failure-flag"` | endpoint 0x82        | late by `delayMs`; another's reply; "failed"  |
 * | `"error"`                                      | function             | returns `code`                                |
 */
export type VirtualFaultKind =
  | "unplug"
  | "stall"
  | "hang"
  | "protocol-error"
  | "overflow"
  | "zero-length"
  | "short"
  | "delay"
  | "wrong-command"
  | "failure-flag"
  | "error";

/**
 * A fault of a virtual camera, either on an endpoint or in a function of libusb. Passages are counted: transfers that
 * end on the endpoint, calls of the function.
 *
 * @example A cable that breaks after 100 transfers
 * ```ts
 * import { configureVirtualBus, open } from "@neuromorphic/drivers";
 *
 * await configureVirtualBus([{ faults: [{ kind: "unplug", endpoint: 0x81, after: 100 }] }]);
 * try {
 *   await using device = await open({ libusb: "virtual" });
 *   for await (const { status } of device) console.log(status.bytes);
 * } catch (error) {
 *   console.log(error); // NeuromorphicError "disconnected"
 * }
 * await configureVirtualBus();
 * ```
 */
export interface VirtualFault {
  /** What goes wrong. */
  readonly kind: VirtualFaultKind;
  /** 0 (control), 0x02 (commands), 0x82 (replies) or 0x81 (events). */
  readonly endpoint?: number | undefined;
  /** For example `"libusb_claim_interface"`. */
  readonly function?: string | undefined;
  /** Passages that go well first. Default 0. */
  readonly after?: number | undefined;
  /** How often it strikes; 0: always from then on. Default 1. */
  readonly times?: number | undefined;
  /** Bytes left of a transfer; of events, also of one that fails. Default 0. */
  readonly length?: number | undefined;
  /** How much later a reply comes, in ms, from 0 to 3,600,000. Default 0. */
  readonly delayMs?: number | undefined;
  /** An error code of libusb, from -99 to -1. Default -1. */
  readonly code?: number | undefined;
}

/** A camera on the virtual bus. */
export interface VirtualCameraOptions {
  /** One to eight hexadecimal digits. Default: the camera's position on the bus, `"00000001"` for the first. */
  readonly serial?: string | undefined;
  /** Which camera it is. Default `"evk4"`. */
  readonly model?: VirtualCameraModel | undefined;
  /** What it sees. Default: the scene with seed 1. */
  readonly source?: VirtualSource | undefined;
  /**
   * Bytes per second that the sensor produces, up to 1e11, rounded up to whole ones; 0: as fast as they are fetched. A
   * scene takes 10,000 to 500,000,000, or 0. What masks, biases and the limiter leave out comes off it.
   * Default: 12,000,000 of a scene, the own timing of a recording and a sequence, a pattern as fast as it is fetched.
   */
  readonly bytesPerSecond?: number | undefined;
  /** Pulses per second on the trigger input of a scene, at most 1000. Default 0. */
  readonly triggerHz?: number | undefined;
  /** Speed of its link: `"high"`, `"super"` (default) or `"super-plus"`. */
  readonly speed?: Extract<UsbSpeed, "high" | "super" | "super-plus"> | undefined;
  /** Whether the user may open the camera. Default true. */
  readonly permission?: boolean | undefined;
  /** Bytes that submitted transfers and DMA memory may have together, as Linux limits them: to 2^40. Default 16 MiB. */
  readonly memoryLimitBytes?: number | undefined;
  /** What goes wrong, and when. Of several at the same passage the first one strikes. Default: none. */
  readonly faults?: readonly VirtualFault[] | undefined;
}
