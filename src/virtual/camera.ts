/** What a virtual camera is made of; checked in `camera_check.ts`. */

import type { UsbSpeed } from "../types.ts";

/**
 * Cameras that the virtual bus can carry: those with the board of the EVK4.
 *
 * | model                  | camera                                                       |
 * | ---------------------- | ------------------------------------------------------------ |
 * | `"evk4"`               | Prophesee EVK4, product id 0x00F5                            |
 * | `"evk4-00f4"`          | Prophesee EVK4, product id 0x00F4 (shared with the EVK3)     |
 * | `"silkyevcam-hd"`      | CenturyArks SilkyEvCam HD                                    |
 * | `"silkyevcam-hd-lite"` | CenturyArks SilkyEvCam HD Lite; its sensor is an IMX646      |
 * | `"silkyevcam-vga"`     | CenturyArks SilkyEvCam VGA; its sensor is a Gen3.1           |
 * | `"evk3-hd"`            | Prophesee EVK3 HD, product id 0x00F4; its sensor is a Gen4.1 |
 * | `"evk3-genx320"`       | Prophesee EVK3 GenX320, product id 0x00F4; production sensor |
 * | `"evk3-genx320-es"`    | the same with an early sensor                                |
 * | `"ueye-xcpe"`          | IDS uEye XCP-E                                               |
 * | `"ueye-xlse"`          | IDS uEye XLS-E                                               |
 */
export type VirtualCameraModel =
  | "evk4"
  | "evk4-00f4"
  | "silkyevcam-hd"
  | "silkyevcam-hd-lite"
  | "silkyevcam-vga"
  | "evk3-hd"
  | "evk3-genx320"
  | "evk3-genx320-es"
  | "ueye-xcpe"
  | "ueye-xlse";

/**
 * What a virtual camera sees.
 *
 * Masks, biases and the rate limiter change a scene and a recording at once. Masked pixels send nothing. Of each period
 * the first `maximumEventsPerPeriod` events get through (which ones the sensor drops is unknown). Biases set towards
 * fewer events drop a share of them. That share is made up, because the sensor's is unknown: half of the events for each
 * 32 codes beyond the chip's own. `diffOn` (up from `diff`) drops ON events, `diffOff` (away from `diff`) OFF events; `fo`
 * (down), `hpf` (up) and `refr` (down) drop both. Towards more events a bias changes nothing; the others never do.
 *
 * The digital crop, the trail filter and anti-flicker change them, too, as do the counts of the rate limiter, which come
 * once a period. The exact rule of anti-flicker is not public, so its model is made up. The event format is that of all
 * but a pattern, from the next start on.
 *
 * Of a SilkyEvCam VGA only masks do that: its biases and its noise filter change nothing. An EVK3 GenX320 has windows and
 * single pixels in place of masks; its thresholds drop events upwards from the codes of OpenEB's initialisation, and its
 * activity filter changes nothing.
 *
 * While events are left out, the camera looks at every word. At hundreds of MB/s that may take too long: the camera loses
 * bytes then, and counts them.
 */
export type VirtualSource =
  /**
   * A rotating star with noise; the same seed (a whole number, default 1) gives the same events. With `flickerHz` (a whole
   * number up to 1000, default 0) a lamp blinks in columns and rows 64 to 95: so often in a second, to the nearest whole
   * number in a round of the scene (at the default rate, 0.18 s). It takes 0.8 KB each time, and the star less.
   */
  | { readonly kind: "scene"; readonly seed?: number | undefined; readonly flickerHz?: number | undefined }
  /** A RAW file in EVT3, in a loop whose time goes on growing. */
  | { readonly kind: "recording"; readonly path: string }
  /**
   * An event every `intervalUs` (default 1; a power of 2 up to 4096), which tells its own place: event n has
   * t = n * intervalUs, and of m = n modulo 2^20 / intervalUs, x = m modulo 1280, y = m modulo 720, on = m modulo 2
   * (modulo 640 and 480 on a SilkyEvCam VGA, modulo 320 on an EVK3 GenX320).
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
  /** Its product string, of at most 126 characters; any text makes a camera that no list knows. Default: the model's. */
  readonly product?: string | undefined;
  /** Its manufacturer's string, of at most 126 characters. Default: the model's. */
  readonly manufacturer?: string | undefined;
  /**
   * The release of its firmware, as `"3.9.0"`: three numbers up to 99. It is also in the device's release number
   * (bcdDevice), and in the product strings of CenturyArks' models. Default: `"3.9.0"`, of the SilkyEvCam HD Lite `"3.9.1"`.
   */
  readonly firmware?: string | undefined;
  /**
   * The chip's own codes of its 13 biases, from 0 to 255: pr, fo, hpf, diffOn, diff, diffOff, inv, refr, reqpuy, reqpux,
   * sendreqpdy, unknown1, unknown2. They are in the registers after power-on and after a reset. Default: those of one
   * EVK4, on which neuromorphic-drivers was developed; of an EVK3 HD those of OpenEB's register map. Not for a SilkyEvCam
   * VGA and an EVK3 GenX320, whose biases are not trimmed so.
   */
  readonly biasCodes?: readonly number[] | undefined;
  /**
   * What becomes of a request when the reply to the one before was not read. What cameras do is unknown.
   *
   * - `"wait"` (default): the request waits until the reply is read. Clearing the halt of endpoint 0x02 or 0x82, or
   *   selecting the alternate setting, drops the reply. Releasing the interface does not.
   * - `"replace"`: the new request's reply takes its place.
   */
  readonly unreadReply?: "wait" | "replace" | undefined;
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
