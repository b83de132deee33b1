/** Types of packets by the options of `open`. Nothing runs this: checking its types is the test. */

import { type Device, open, type OpenOptions, type Packet } from "../../mod.ts";

type Equal<First, Second> = (<T>() => T extends First ? 1 : 2) extends (<T>() => T extends Second ? 1 : 2) ? true
  : false;

/** Takes a function that opens a device whose packets have exactly the type. */
function gives<Expected>(): <Opened>(
  opens: () => Promise<Device<Opened>>,
  ...isExpected: Equal<Opened, Expected> extends true ? [] : ["other packets are expected"]
) => void {
  return () => {};
}

declare const options: OpenOptions;
declare const flag: boolean;
declare const timeout: number | undefined;

gives<Packet>()(() => open());
gives<Packet>()(() => open({}));
gives<Packet>()(() => open({ libusb: "virtual" }));
gives<Packet>()(() => open({ raw: false }));
gives<Uint8Array>()(() => open({ raw: true }));
gives<Packet | Uint8Array>()(() => open({ raw: flag }));
gives<Packet | Uint8Array>()(() => open(flag ? { raw: true } : {}));
gives<Packet | undefined>()(() => open({ iteratorTimeoutMs: 100 }));
gives<Uint8Array | undefined>()(() => open({ raw: true, iteratorTimeoutMs: 100 }));
gives<Packet | undefined>()(() => open(timeout === undefined ? {} : { iteratorTimeoutMs: timeout }));
gives<Packet | Uint8Array | undefined>()(() => open(options));
gives<Packet | undefined>()(() => open({ ...options, raw: false }));
gives<Packet | Uint8Array>()(() => open(options as { readonly raw: true } | { readonly libusb: string }));
