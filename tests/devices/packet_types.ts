/** Types of packets by the options of `open`. Nothing runs this: checking its types is the test. */

import { type CameraType, type Device, open, type OpenOptions, type Packet } from "../../mod.ts";

type Equal<First, Second> = (<T>() => T extends First ? 1 : 2) extends (<T>() => T extends Second ? 1 : 2) ? true
  : false;

/** Takes a function that opens a device whose packets have exactly the type. */
function gives<Expected>(): <Opened>(
  opens: () => Promise<Device<CameraType, Opened>>,
  ...isExpected: Equal<Opened, Expected> extends true ? [] : ["other packets are expected"]
) => void {
  return () => {};
}

type Raw = Uint8Array<ArrayBuffer>;

declare const options: OpenOptions;
declare const flag: boolean;
declare const timeout: number | undefined;

gives<Packet>()(() => open());
gives<Packet>()(() => open({}));
gives<Packet>()(() => open({ libusb: "virtual" }));
gives<Packet>()(() => open({ raw: false }));
gives<Raw>()(() => open({ raw: true }));
gives<Packet | Raw>()(() => open({ raw: flag }));
gives<Packet | Raw>()(() => open(flag ? { raw: true } : {}));
gives<Packet | undefined>()(() => open({ iteratorTimeoutMs: 100 }));
gives<Raw | undefined>()(() => open({ raw: true, iteratorTimeoutMs: 100 }));
gives<Packet | undefined>()(() => open(timeout === undefined ? {} : { iteratorTimeoutMs: timeout }));
gives<Packet>()(() => open({ serial: undefined, raw: undefined, iteratorTimeoutMs: undefined }));
gives<Packet | undefined>()(() => open({ iteratorTimeoutMs: timeout }));
gives<Packet | Raw | undefined>()(() => open(options));
gives<Packet | undefined>()(() => open({ ...options, raw: false }));
gives<Packet | Raw>()(() => open(options as { readonly raw: true } | { readonly libusb: string }));
