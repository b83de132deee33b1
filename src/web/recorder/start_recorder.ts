import { NativeDecoder } from "../../decoder/native_decoder.ts";
import { defaultRecordBufferBytes } from "../../devices/common/record_options.ts";
import { recordingHeader, recordingStart } from "../../devices/common/recording_start.ts";
import { Account } from "../../recording/account.ts";
import { wordBytes } from "../../recording/raw_header_text.ts";
import { closedError } from "../../stream/ending.ts";
import type { WebDeviceCore } from "../web_device_core.ts";
import type { WebRecordOptions, WebRecordTarget } from "../web_recorder.ts";
import { StreamRecorder } from "./stream_recorder.ts";
import { openTarget } from "./target.ts";
import { WordFilter } from "../../recording/word_filter.ts";

/** Begins a recording of an open device, which is kept from the garbage collector until it has ended. */
export function startRecorder(
  core: WebDeviceCore,
  device: unknown,
  target: WebRecordTarget | undefined,
  { seconds, bytes, signal, bufferBytes = defaultRecordBufferBytes }: WebRecordOptions,
): StreamRecorder {
  const { parts, ending, description, stream } = core;
  if (ending !== undefined) throw closedError(ending, "record", description);
  signal?.throwIfAborted();
  const header = new TextEncoder().encode(recordingHeader(parts));
  const { eventFormat: format, properties: { width, height } } = parts.camera;
  const { library } = stream;
  const decoder = new NativeDecoder(library, { format, width, height });
  const recorder = new StreamRecorder({
    openSink: target && (() => openTarget(target)),
    header,
    startLine: recordingStart(parts, header),
    filter: new WordFilter(format, stream.statistics.bytes),
    wordBytes: wordBytes[format],
    accountOf: (tell) => new Account(library, decoder, tell),
    bufferBytes,
    maximumBytes: bytes ?? Infinity,
    maximumMs: seconds === undefined ? Infinity : 1000 * seconds,
    signal,
    onStop: (tap) => stream.untap(tap),
    holds: device,
  });
  stream.tap(recorder);
  return recorder;
}
