import { openRecording, type RecordingSource } from "../../../recording/open_recording.ts";
import type { Recording } from "../../../recording/recording.ts";
import type { Geometry } from "../../../types.ts";
import type { ViewerSource } from "../source.ts";

/** Of a file that does not tell: the size of most sensors today. */
const assumed: Geometry = { width: 1280, height: 720 };

/** Opens a recording of any format that the library reads. */
export async function openRecordingSource(given: RecordingSource): Promise<ViewerSource> {
  return sourceOfRecording(await openRecording(given));
}

/** A recording as the page shows it. */
export function sourceOfRecording(recording: Recording): ViewerSource {
  const { name, format, geometry = assumed } = recording;
  const sensor = recording.camera?.sensor;
  const range = once(() => recording.timeRange());
  return {
    kind: "recording",
    name,
    details: [format.title, `${geometry.width} × ${geometry.height}`],
    warnings: recording.geometry === undefined
      ? [`The file does not tell the size of its sensor: ${assumed.width} × ${assumed.height} is assumed.`]
      : [],
    properties: { ...geometry, sensor: typeof sensor === "string" ? sensor : undefined },
    items: recording,
    reusesBuffers: false,
    timeLine: {
      range,
      seek: async (time) => await recording.seek(Math.max(time, (await range())?.first ?? 0)),
    },
    close: () => recording.close(),
  };
}

/** The same promise for every call. */
function once<Result>(make: () => Promise<Result>): () => Promise<Result> {
  let made: Promise<Result> | undefined;
  return () => made ??= make();
}
