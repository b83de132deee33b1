import { propheseeEvk4 } from "../../src/cameras/prophesee_evk4/driver.ts";
import { run } from "../../src/protocol/run.ts";
import { skippedSettling } from "../../src/usb/settling.ts";
import { blockIndex, blockLength, loadNative, type Native } from "../../src/native/native.ts";
import { type Libusb, loadLibusb } from "../../src/usb/libusb.ts";
import { configureVirtualBus } from "../../src/virtual/bus.ts";
import type { VirtualCameraOptions } from "../../src/virtual/camera.ts";

const optionsIndex = blockIndex("stream_options");
const reportIndex = blockIndex("report");
const bufferBytes = 16_384;
const eventsEndpoint = 0x81;

/** A native stream on the virtual camera, without the layers above it. */
export interface RawStream {
  readonly native: Native;
  /** Of the native stream. */
  readonly handle: number;
  /** Starts the sensor; until then no data comes. */
  startSensor(): Promise<void>;
  /** Takes all that is there; returns its bytes. */
  read(): number;
  /** Closes the native stream alone. */
  closeStream(): void;
  /** Closes all. */
  close(): void;
}

/** Opens a virtual camera, by default one that counts 1 MB/s, and a stream on it. */
export async function openRawStream(camera: VirtualCameraOptions = {}): Promise<RawStream> {
  const [stream] = await openRawStreams([camera]);
  return stream!;
}

/** The same for several cameras. */
export async function openRawStreams(cameras: readonly VirtualCameraOptions[]): Promise<RawStream[]> {
  await configureVirtualBus(
    cameras.map((camera) => ({ source: { kind: "pattern" }, bytesPerSecond: 1e6, ...camera })),
  );
  const native = await loadNative();
  const libusb = await loadLibusb("virtual");
  return cameras.map((_, index) => open(native, libusb, index));
}

/** Opens the camera at a place of the bus, and a stream on it. */
function open(native: Native, libusb: Libusb, index: number): RawStream {
  const context = libusb.createContext();
  const usb = context.devices()[index]!.open();
  usb.claimInterface(propheseeEvk4.interfaceNumber);
  const handle = openStream(native, libusb.path, context.address, usb.nativeHandle);
  const output = new Uint8Array(64 * bufferBytes);
  const report = new Float64Array(blockLength("report"));
  return {
    native,
    handle,
    async startSensor() {
      const protocol = propheseeEvk4.open(propheseeEvk4.checkConfiguration(undefined));
      await run(protocol, { bus: usb, settling: skippedSettling });
    },
    read() {
      let bytes = 0;
      do {
        const status = native.symbols.nd_stream_read_raw(handle, output, output.length, 0, report);
        native.check(status, "read raw packets");
        bytes += report[reportIndex.bytes]!;
      } while (report[reportIndex.bytes]! > 0);
      return bytes;
    },
    closeStream() {
      native.symbols.nd_stream_close(handle);
    },
    close() {
      native.symbols.nd_stream_close(handle);
      context.close();
    },
  };
}

function openStream(native: Native, libusbPath: string, context: bigint, device: bigint): number {
  const options = new Float64Array(blockLength("stream_options"));
  options[optionsIndex.endpoint] = eventsEndpoint;
  options[optionsIndex.buffer_length] = bufferBytes;
  options[optionsIndex.ring_length] = 64;
  options[optionsIndex.transfer_queue_length] = 4;
  const opened = new Float64Array(blockLength("stream_opened"));
  const path = new TextEncoder().encode(`${libusbPath}\0`);
  native.check(native.symbols.nd_stream_open(path, context, device, options, opened), "open stream");
  return opened[blockIndex("stream_opened").handle]!;
}
