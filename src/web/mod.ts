/**
 * USB event cameras in a web page: the page itself is the driver, over WebUSB.
 *
 * @example A button that shows a camera's events
 * ```ts ignore
 * import { getDevices, open, requestDevice } from "@neuromorphic/drivers/web";
 *
 * button.onclick = async () => {
 *   const usbDevice = (await getDevices())[0] ?? await requestDevice(); // the user chooses once
 *   if (usbDevice === undefined) return; // or chooses none
 *   await using device = await open(usbDevice);
 *   for await (const { packet } of device) {
 *     if (packet.polarityEvents !== undefined) draw(packet.polarityEvents);
 *   }
 * };
 * ```
 *
 * @module
 */

export { NeuromorphicError } from "../errors.ts";
export type { ErrorCode, ErrorDetails } from "../errors.ts";
export type { Geometry, Rect, UsbSpeed } from "../types.ts";

export { open } from "./open.ts";
export type { CommonWebOpenOptions, WebOpenOptions, WebOpenOptionsOf, WebOpenOptionsOfAny } from "./open_options.ts";
export type { CameraOfAnyType, CameraOfType, StreamingOptions } from "../devices/common/camera_options.ts";
export type { KnownCamera } from "../devices/common/known_camera.ts";
export type { PacketOf, PacketOptions, TypeOf, TypeOption } from "../devices/common/packet_of.ts";
export { getDevices, requestDevice } from "./granted_devices.ts";
export type { RequestDeviceOptions, WebDevicesOptions } from "./granted_devices.ts";
export { watchDevices, WebDeviceEvent } from "./watch_devices.ts";
export type { WebDeviceWatcher, WebDeviceWatcherEvents } from "./watch_devices.ts";
export { defaultWebUsbConfiguration } from "./web_usb_configuration.ts";
export type { WebUsbConfiguration, WebUsbConfigurationChanges } from "./web_usb_configuration.ts";
export type { WebDevice, WebDeviceOf, WebSensors } from "./web_device.ts";
export type { ClearBacklogOptions } from "../devices/common/clear_backlog.ts";
export type { TypedEventTarget } from "../devices/common/typed_event_target.ts";
export type { RecorderStatistics } from "../devices/common/recorder_statistics.ts";
export type { RecordingEndReason } from "../recording/receipt.ts";
export type {
  WebRecorder,
  WebRecordingResult,
  WebRecordOptions,
  WebRecordTarget,
  WritableFile,
} from "./web_recorder.ts";
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

export type { Cameras, CameraType, CameraUsbId } from "../cameras/cameras.ts";
export type { CameraProperties, Firmware } from "../cameras/driver.ts";
export type * from "../cameras/prophesee_evk3_hd/public.ts";
export type * from "../cameras/prophesee_evk4/public.ts";
export type * from "../cameras/centuryarks_vga/public.ts";
export type * from "../cameras/prophesee_evk3_genx320/public.ts";
export {
  formatBiasFile,
  formatCameraSettings,
  parseBiasFile,
  parseCameraSettings,
} from "../cameras/metavision_files.ts";
export type { CameraSettings, FormatFileOptions, ParseFileOptions } from "../cameras/metavision_files.ts";
export type { Mask, MaskLike } from "../cameras/masks/mask.ts";
export { regionOfInterest, regionOfNonInterest } from "../cameras/masks/regions.ts";
export type { RegionMasks } from "../cameras/masks/regions.ts";

export type { Packet } from "../packets/packet.ts";
export type { ImuEvents, PolarityEvents, TriggerEvents } from "../packets/columns.ts";
export type { Frame, FrameOf } from "../packets/frames.ts";
export type { FrameFormat } from "../packets/kinds.ts";
export type { Gap, RateControllerCounts, Status } from "../packets/status.ts";
export type { AnyPacket, ReaderPriority, StreamItem, StreamStatistics } from "../stream/stream_item.ts";

export { useWebAssembly } from "./wasm/load.ts";
export type { WebAssemblySource } from "./wasm/module_source.ts";

export { createDecoder } from "../decoder/create_decoder.ts";
export { maximumEventsPerPacket } from "../decoder/decoder.ts";
export type { Decoder, DecoderOptions, DecoderStatistics, EventFormat } from "../decoder/decoder.ts";
export { decoderInfo } from "../decoder/decoder_info.ts";
export type { DecoderInfo } from "../decoder/decoder_info.ts";
export { createEncoder } from "../encoder/create_encoder.ts";
export type { EncodableEvents, EncodedFormat, Encoder, EncoderOptions } from "../encoder/encoder.ts";
export { createAccumulator } from "../accumulator/create_accumulator.ts";
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
} from "../accumulator/accumulator.ts";

export { aedat2, aedat2With } from "../recording/formats/aedat2/format.ts";
export type { Aedat2Options } from "../recording/formats/aedat2/format.ts";
export { aedat3 } from "../recording/formats/aedat3/format.ts";
export { csv, csvWith } from "../recording/formats/csv/format.ts";
export type { CsvColumn, CsvOptions } from "../recording/formats/csv/format.ts";
export { dat } from "../recording/formats/dat/format.ts";
export { es } from "../recording/formats/es/format.ts";
export { npy, npyWith, npz, npzWith } from "../recording/formats/npy/format.ts";
export type { NpyLayout, NpyOptions } from "../recording/formats/npy/format.ts";
export type { TimeUnit } from "../recording/formats/shared/time_units.ts";
export { aedat4 } from "../recording/formats/aedat4/format.ts";
export { arrow } from "../recording/formats/arrow/format.ts";
export { hdf5 } from "../recording/formats/hdf5/format.ts";
export { mcap } from "../recording/formats/mcap/format.ts";
export { rosbag2 } from "../recording/formats/rosbag2/format.ts";
export { rawEvt2, rawEvt21, rawEvt3, rawEvt4 } from "../recording/formats/raw/formats.ts";
export { MemoryFiles } from "../recording/memory_sink.ts";
export { openSink } from "../recording/open_sink.ts";
export type { SinkOptions, SinkTarget } from "../recording/open_sink.ts";
export { openRecording } from "../recording/open_recording.ts";
export type { RecordingSource } from "../recording/open_recording.ts";
export type { OpenRecordingOptions, RecordedCamera, Recording } from "../recording/recording.ts";
export { formats as recordingFormats } from "../recording/formats/formats.ts";
export type {
  FormatLimits,
  FormatReader,
  FormatReadOptions,
  FormatWriteOptions,
  FormatWriter,
  Overview,
  ReadItem,
  RecordingFormat,
} from "../recording/format.ts";
export type { ByteSink, SinkFiles } from "../recording/sink.ts";
export type { ByteSource, SourceFiles } from "../recording/source.ts";
export { convert } from "../recording/convert.ts";
export type { Conversion, ConvertOptions, ConvertProgress } from "../recording/convert.ts";
export { lossesMessage } from "../recording/loss_filter.ts";
export type { Loss, LossKind } from "../recording/loss_filter.ts";
export { summarizeRecording } from "../recording/summary.ts";
export type { RecordingSummary, SummarizeOptions, SummaryGap, TriggerCounts } from "../recording/summary.ts";
export type { HotPixel } from "../recording/pixel_counts.ts";
export type { EventRates } from "../recording/rate_bins.ts";
export type { RecordingProgress } from "../recording/progress.ts";

export { createVirtualUsb } from "./virtual/virtual_usb.ts";
export type { VirtualUsb, VirtualUsbOptions } from "./virtual/virtual_usb.ts";
export type { VirtualWebFault, VirtualWebOptions, VirtualWebSource } from "./virtual/options.ts";
export type {
  VirtualCameraModel,
  VirtualCameraOptions,
  VirtualFault,
  VirtualFaultKind,
  VirtualSource,
} from "../virtual/camera.ts";
export type { VirtualCameraDescription } from "../virtual/description.ts";
