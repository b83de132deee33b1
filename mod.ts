/**
 * USB event cameras for Deno, Bun and Node: open one, configure it, and iterate over its events as typed arrays.
 *
 * Each pixel of an event camera reports its own brightness changes with microsecond timestamps. This library opens
 * the Prophesee EVK4 and its relatives through the system's libusb-1.0, keeps the USB transfers in native memory with
 * a native reader thread, decodes with a Zig library, and hands over columns: `t`, `x`, `y`, `on`. Lost bytes are
 * counted and marked.
 *
 * @example Without hardware: the virtual camera
 * ```ts
 * import { open } from "@neuromorphic/drivers";
 *
 * await using device = await open({ libusb: "virtual" });
 * for await (const { status, packet } of device) {
 *   if (packet.polarityEvents === undefined) continue;
 *   const { t, x, y, on } = packet.polarityEvents;
 *   console.log(`${t.length} events, delay ${status.delayMs.toFixed(1)} ms`);
 *   console.log(`first: (${x[0]}, ${y[0]}) ${on[0] ? "ON" : "OFF"} at ${t[0]} µs`);
 *   break;
 * }
 * ```
 *
 * @module
 */

export { NeuromorphicError } from "./src/errors.ts";
export type { ErrorCode, ErrorDetails } from "./src/errors.ts";
export type { Geometry, LibusbSelection, Rect, UsbSpeed } from "./src/types.ts";

import "./src/native/native_library.ts";
import "./src/recording/file_system.ts";

export { open } from "./src/devices/open.ts";
export type { CommonOpenOptions, OpenOptions, OpenOptionsOf, OpenOptionsOfAny } from "./src/devices/open_options.ts";
export type { CameraOfAnyType, CameraOfType, StreamingOptions } from "./src/devices/common/camera_options.ts";
export type { KnownCamera } from "./src/devices/common/known_camera.ts";
export type { PacketOf, PacketOptions, TypeOf, TypeOption } from "./src/devices/common/packet_of.ts";
export type { Device, DeviceOf } from "./src/devices/device.ts";
export type { ClearBacklogOptions } from "./src/devices/common/clear_backlog.ts";
export type { TypedEventTarget } from "./src/devices/common/typed_event_target.ts";
export { record } from "./src/devices/record.ts";
export type { RecordOptions } from "./src/devices/common/record_options.ts";
export type { Recorder, RecordingResult } from "./src/devices/recorder.ts";
export type { RecorderStatistics } from "./src/devices/common/recorder_statistics.ts";
export type { RecordingEndReason } from "./src/recording/receipt.ts";
export type { Cameras, CameraType, CameraUsbId } from "./src/cameras/cameras.ts";
export type { CameraProperties, Firmware } from "./src/cameras/driver.ts";
export { formatDeviceList, listDevices, printDeviceList } from "./src/devices/discovery.ts";
export type { ListDevicesOptions, ListedDevice } from "./src/devices/discovery.ts";
export { DeviceEvent, DeviceWatchErrorEvent, watchDevices } from "./src/devices/watch.ts";
export type { DeviceWatcher, DeviceWatcherEvents, WatchDevicesOptions } from "./src/devices/watch.ts";
export type * from "./src/cameras/prophesee_evk3_hd/public.ts";
export type * from "./src/cameras/prophesee_evk4/public.ts";
export {
  formatBiasFile,
  formatCameraSettings,
  parseBiasFile,
  parseCameraSettings,
} from "./src/cameras/metavision_files.ts";
export type { CameraSettings, FormatFileOptions, ParseFileOptions } from "./src/cameras/metavision_files.ts";
export type * from "./src/cameras/centuryarks_vga/public.ts";
export type * from "./src/cameras/prophesee_evk3_genx320/public.ts";
export type { Mask, MaskLike } from "./src/cameras/masks/mask.ts";
export { regionOfInterest, regionOfNonInterest } from "./src/cameras/masks/regions.ts";
export type { RegionMasks } from "./src/cameras/masks/regions.ts";

export type { Packet } from "./src/packets/packet.ts";
export type { ImuEvents, PolarityEvents, TriggerEvents } from "./src/packets/columns.ts";
export type { Frame, FrameOf } from "./src/packets/frames.ts";
export type { FrameFormat } from "./src/packets/kinds.ts";
export type { Gap, RateControllerCounts, Status } from "./src/packets/status.ts";
export type { AnyPacket, ReaderPriority, StreamItem, StreamStatistics } from "./src/stream/stream_item.ts";
export { defaultUsbConfiguration } from "./src/stream/usb_configuration.ts";
export type { UsbConfiguration, UsbConfigurationChanges } from "./src/stream/usb_configuration.ts";

export { createEncoder } from "./src/encoder/create_encoder.ts";
export type { EncodableEvents, EncodedFormat, Encoder, EncoderOptions } from "./src/encoder/encoder.ts";
export { createAccumulator } from "./src/accumulator/create_accumulator.ts";
export type {
  Accumulated,
  AccumulatedEvents,
  Accumulator,
  AccumulatorKind,
  AccumulatorOptions,
  Color,
  ColorMap,
  ColorMapName,
  CountOptions,
  FadingKind,
  FadingOptions,
  ImageOptions,
  ValuesOptions,
  VoxelOptions,
} from "./src/accumulator/accumulator.ts";
export { createDecoder } from "./src/decoder/create_decoder.ts";
export { decoderInfo } from "./src/decoder/decoder_info.ts";
export type { DecoderInfo } from "./src/decoder/decoder_info.ts";
export { maximumEventsPerPacket } from "./src/decoder/decoder.ts";
export type { Decoder, DecoderOptions, DecoderStatistics, EventFormat } from "./src/decoder/decoder.ts";

export { aedat2, aedat2With } from "./src/recording/formats/aedat2/format.ts";
export type { Aedat2Options } from "./src/recording/formats/aedat2/format.ts";
export { aedat3 } from "./src/recording/formats/aedat3/format.ts";
export { csv, csvWith } from "./src/recording/formats/csv/format.ts";
export type { CsvColumn, CsvOptions } from "./src/recording/formats/csv/format.ts";
export { dat } from "./src/recording/formats/dat/format.ts";
export { es } from "./src/recording/formats/es/format.ts";
export { npy, npyWith, npz, npzWith } from "./src/recording/formats/npy/format.ts";
export type { NpyLayout, NpyOptions } from "./src/recording/formats/npy/format.ts";
export type { TimeUnit } from "./src/recording/formats/shared/time_units.ts";
export { MemoryFiles } from "./src/recording/memory_sink.ts";
export { openSink } from "./src/recording/open_sink.ts";
export type { SinkOptions, SinkTarget } from "./src/recording/open_sink.ts";
export { openRecording } from "./src/recording/open_recording.ts";
export type { RecordingSource } from "./src/recording/open_recording.ts";
export type { OpenRecordingOptions, RecordedCamera, Recording } from "./src/recording/recording.ts";
export { formats as recordingFormats } from "./src/recording/formats/formats.ts";
export { aedat4 } from "./src/recording/formats/aedat4/format.ts";
export { arrow } from "./src/recording/formats/arrow/format.ts";
export { hdf5 } from "./src/recording/formats/hdf5/format.ts";
export { mcap } from "./src/recording/formats/mcap/format.ts";
export { rosbag2 } from "./src/recording/formats/rosbag2/format.ts";
export { rawEvt2, rawEvt21, rawEvt3, rawEvt4 } from "./src/recording/formats/raw/formats.ts";
export type {
  FormatLimits,
  FormatReader,
  FormatReadOptions,
  FormatWriteOptions,
  FormatWriter,
  Overview,
  ReadItem,
  RecordingFormat,
} from "./src/recording/format.ts";
export type { ByteSink, SinkFiles } from "./src/recording/sink.ts";
export type { ByteSource, SourceFiles } from "./src/recording/source.ts";

export { convert } from "./src/recording/convert.ts";
export type { Conversion, ConvertOptions, ConvertProgress } from "./src/recording/convert.ts";
export { lossesMessage } from "./src/recording/loss_filter.ts";
export type { Loss, LossKind } from "./src/recording/loss_filter.ts";
export { summarizeRecording } from "./src/recording/summary.ts";
export type { RecordingSummary, SummarizeOptions, SummaryGap, TriggerCounts } from "./src/recording/summary.ts";
export type { HotPixel } from "./src/recording/pixel_counts.ts";
export type { EventRates } from "./src/recording/rate_bins.ts";
export { verifyRecording } from "./src/recording/verify.ts";
export type { VerifyOptions } from "./src/recording/verify.ts";
export { gapMessage } from "./src/recording/verification.ts";
export type { ByteRange, RecordingVerdict, Verification } from "./src/recording/verification.ts";
export { repairReceipt } from "./src/recording/repair.ts";
export type { Repair } from "./src/recording/repair.ts";
export type { RecordingProgress } from "./src/recording/progress.ts";
export type { GapCause, ReceiptCamera, ReceiptGap, ReceiptStart } from "./src/recording/receipt.ts";

export { configureVirtualBus, describeVirtualBus } from "./src/virtual/bus.ts";
export type { VirtualBusDescription } from "./src/virtual/bus.ts";
export type { VirtualCameraDescription } from "./src/virtual/description.ts";
export type {
  VirtualCameraModel,
  VirtualCameraOptions,
  VirtualFault,
  VirtualFaultKind,
  VirtualSource,
} from "./src/virtual/camera.ts";
