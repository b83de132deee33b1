import { createDecoder } from "../../../decoder/create_decoder.ts";
import { openRecording } from "../../../recording/open_recording.ts";
import type { Recording } from "../../../recording/recording.ts";
import type { Geometry } from "../../../types.ts";
import { RemoteFile } from "../sources/remote_file.ts";
import { LiveDecoder } from "./live_decoder.ts";
import type { LiveInput, RecordedInput, RecordingDescription } from "./messages.ts";
import type { Live, Recorded } from "./played_source.ts";
import { SentBytes } from "./sent_bytes.ts";

/** Of a file that does not tell: the size of most sensors today. */
const assumed: Geometry = { width: 1280, height: 720 };

/** A live source whose bytes the page sends. */
export interface OpenedLive extends Live {
  readonly items: SentBytes;
  readonly geometry: Geometry;
}

/** Opens what decodes a live source; `taken` gets the bytes of each item that was read. */
export async function openLive({ decoderOptions }: LiveInput, taken: (bytes: number) => void): Promise<OpenedLive> {
  // New memory for each packet takes some browsers several times as long as decoding does.
  const decoder = new LiveDecoder(await createDecoder({ ...decoderOptions, reuseBuffers: true }));
  const { width, height } = decoderOptions;
  return { items: new SentBytes(taken), decoder, geometry: { width, height } };
}

/** A recording, and what it tells of itself. */
export interface OpenedRecording extends Recorded {
  readonly description: RecordingDescription;
}

/** Opens a recording of any format that the library reads. */
export async function openRecorded(input: RecordedInput): Promise<OpenedRecording> {
  const file = input.kind === "file" ? input.file : new RemoteFile(new URL(input.url), input.options);
  const recording = await openRecording(file);
  const range = once(() => recording.timeRange());
  return {
    description: describe(recording),
    items: recording,
    timeLine: {
      range,
      seek: async (time) => await recording.seek(Math.max(time, (await range())?.first ?? 0)),
    },
  };
}

function describe(recording: Recording): RecordingDescription {
  const { name, format, geometry = assumed } = recording;
  const sensor = recording.camera?.sensor;
  return {
    name,
    details: [format.title, `${geometry.width} × ${geometry.height}`],
    warnings: recording.geometry === undefined
      ? [`The file does not tell the size of its sensor: ${assumed.width} × ${assumed.height} is assumed.`]
      : [],
    properties: { ...geometry, sensor: typeof sensor === "string" ? sensor : undefined },
  };
}

/** The same promise for every call. */
function once<Result>(make: () => Promise<Result>): () => Promise<Result> {
  let made: Promise<Result> | undefined;
  return () => made ??= make();
}
