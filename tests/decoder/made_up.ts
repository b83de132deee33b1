/** A decoder of a made-up format with events of every kind: `zig/src/decoder/testing/made_up.zig` says how it looks. */

import { loadAdapter } from "../../ffi/load.ts";
import { nativeSymbols } from "../../ffi/symbols.ts";
import { NativeDecoder } from "../../src/decoder/native_decoder.ts";
import { blockIndex, loadNative, type Native } from "../../src/native/native.ts";
import {
  type Capacity,
  type Element,
  elementArrays,
  kindIndex,
  type KindName,
  kinds,
} from "../../src/packets/kinds.ts";
import { EventStream } from "../../src/stream/event_stream.ts";
import { defaultUsbConfiguration } from "../../src/stream/usb_configuration.ts";
import { echoLibraryPath } from "../support/libraries.ts";

/** An event of a kind, a value for each column. */
export type EventOf<Kind extends KindName> = Readonly<Record<keyof (typeof kinds)[Kind], number>>;

/** The bytes of one event; of a frame with its pixels. */
export function record<Kind extends KindName>(kind: Kind, event: EventOf<Kind>, pixels?: ArrayBufferView): Uint8Array {
  const values: Readonly<Record<string, number>> = event;
  const columns = Object.entries<Element>(kinds[kind]).map(([column, element]) =>
    bytesOf(elementArrays[element].of(values[column]!))
  );
  return concatenated([Uint8Array.of(kindIndex[kind]), ...columns, ...pixels === undefined ? [] : [bytesOf(pixels)]]);
}

/** Says that this many bytes were lost before the next event, in a silence of this length. */
export function lost(bytes: number, silenceUs: number): Uint8Array {
  return concatenated([Uint8Array.of(0xff), bytesOf(Uint32Array.of(bytes, silenceUs))]);
}

/** One array of all bytes. */
export function concatenated(parts: readonly Uint8Array[]): Uint8Array {
  return new Uint8Array(parts.flatMap((part) => [...part]));
}

function bytesOf({ buffer, byteOffset, byteLength }: ArrayBufferView): Uint8Array {
  return new Uint8Array(buffer, byteOffset, byteLength);
}

/**
 * The native library with the made-up decoder in place of its own. A stream of it decodes the given bytes, or hands them
 * out, and has neither a camera nor an end.
 */
export async function madeUpNative(streamBytes: Uint8Array = new Uint8Array(0)): Promise<Native> {
  const native = await loadNative();
  const { symbols: { nd_made_up_decode } } = (await loadAdapter()).openLibrary(echoLibraryPath, {
    nd_made_up_decode: nativeSymbols.nd_decoder_decode,
  });
  let rest = streamBytes;
  const reportIndex = blockIndex("report");
  const symbols: Native["symbols"] = {
    ...native.symbols,
    nd_decoder_decode: nd_made_up_decode,
    nd_stream_open: () => 0,
    nd_stream_read: (_stream, decoder, columns, options, report) => {
      const status = nd_made_up_decode(decoder, rest, rest.length, columns, options, report);
      rest = rest.subarray((report as Float64Array)[reportIndex.consumed_bytes]!);
      return status;
    },
    nd_stream_read_raw: (_stream, output, _capacity, _maximum, report) => {
      (output as Uint8Array).set(rest);
      (report as Float64Array).fill(0)[reportIndex.bytes] = rest.length;
      rest = rest.subarray(rest.length);
      return 0;
    },
    nd_stream_statistics: () => 0,
    nd_stream_stop: () => 0,
    nd_stream_close: () => 0,
  };
  return { ...native, symbols };
}

/** Room for some events of every kind. */
export const someRoom: Capacity = { polarity: 16, trigger: 8, imu: 8, frame: 8, pixel: 4096 };

/** A made-up decoder. */
export function madeUpDecoder(native: Native, capacity: Capacity = someRoom): NativeDecoder {
  return new NativeDecoder(native, { format: "evt3", width: 346, height: 260 }, capacity);
}

/** A stream that hands out the bytes, or what the made-up decoder makes of them. */
export async function madeUpStream(bytes: Uint8Array, { raw = false } = {}): Promise<EventStream> {
  const native = await madeUpNative(bytes);
  return new EventStream(native, {
    libusbPath: "",
    context: 0n,
    deviceHandle: 0n,
    endpoint: 0x82,
    format: "evt3",
    usbConfiguration: defaultUsbConfiguration,
    libusbErrorName: String,
    device: "made-up camera",
    decoder: raw ? undefined : madeUpDecoder(native),
    reuseBuffers: false,
    maximumRawPackets: 0,
  });
}
