import { BIASES as GEN31_BIASES } from "../../../cameras/gen31/biases.ts";
import { counted, scaled } from "../../../cli/amounts.ts";
import type { DecoderOptions } from "../../../decoder/decoder.ts";
import type { Status } from "../../../packets/status.ts";
import type { WebRecordingResult, WebRecordTarget } from "../../../web/web_recorder.ts";
import { type BiasState, boundsInMillivolts, boundsOfStates } from "../biases.ts";
import { fileNameFor } from "../file_names.ts";
import { newStoredFile } from "../recording_store.ts";
import type { RawItem } from "../renderer/live_decoder.ts";
import type {
  BiasBounds,
  CameraControls,
  Measurement,
  SourceConfiguration,
  SourceRecorder,
  SourceStatistics,
  ViewerSource,
} from "../source.ts";
import { Present } from "./present.ts";

/** What the page needs of a camera in raw mode: a `WebDevice` of any type is one. */
export interface AnyDevice extends Described, Controlled, AsyncIterable<RawItem> {
  readonly decoderOptions: DecoderOptions;
  clearBacklog(): Status;
  readonly statistics: SourceStatistics;
  recordTo(target?: WebRecordTarget): { readonly statistics: RecordedSoFar; stop(): Promise<WebRecordingResult> };
  close(): Promise<void>;
}

/** What the page tells of a camera. */
export interface Described {
  readonly name: string;
  readonly serial: string;
  readonly speed: string;
  readonly properties: { readonly width: number; readonly height: number; readonly sensor: string };
  readonly firmware: { readonly version: string | undefined; readonly warning?: string | undefined };
}

/** What the page's controls need of a camera. */
export interface Controlled {
  readonly type: string;
  readonly configuration: unknown;
  // deno-lint-ignore no-explicit-any
  readonly sensors: Readonly<Record<string, (...parameters: any[]) => Promise<any>>>;
  /** Of the camera's own type, which the page does not know: the device checks what it is given. */
  updateConfiguration(changes: never): Promise<void>;
}

interface RecordedSoFar {
  readonly bytes: number;
  readonly droppedBytes: number;
}

/** How a camera is opened for a view: its bytes go on to a Worker, 2 MiB at once at most. */
export const viewerOptions = { raw: true, iteratorMaximumRawPackets: 16 } as const;

/** Names and units of what cameras measure. */
const measurements: readonly { readonly sensor: string; readonly name: string; readonly unit: string }[] = [
  { sensor: "temperatureCelsius", name: "Temperature", unit: "°C" },
  { sensor: "illuminanceLux", name: "Illuminance", unit: "lx" },
  { sensor: "pixelDeadTimeUs", name: "Dead time", unit: "µs" },
];

/** A camera by WebUSB, or the virtual one, as the page shows it. It was opened with {@link viewerOptions}. */
export function sourceOfDevice(device: AnyDevice, kind: "camera" | "virtual"): ViewerSource {
  const present = new Present();
  return {
    kind,
    ...describe(device),
    live: {
      items: { [Symbol.asyncIterator]: () => present.itemsOf(device, () => device.clearBacklog()) },
      decoderOptions: device.decoderOptions,
    },
    statistics() {
      const { statistics } = device;
      return { ...statistics, droppedBytes: statistics.droppedBytes + present.leftOutBytes };
    },
    controls: controlsOf(device),
    record: () => startRecorder(device),
    close: () => device.close(),
  };
}

/** What the page says of a camera from the beginning. */
export function describe({ name, serial, speed, properties, firmware }: Described) {
  const isSlow = speed === "high" || speed === "full" || speed === "low";
  return {
    name,
    details: [serial, properties.sensor, `${properties.width} × ${properties.height}`],
    warnings: [
      ...(firmware.warning === undefined ? [] : [firmware.warning]),
      ...(isSlow ? ["The link is USB 2: the camera loses events of busy scenes. Use a USB 3 port and cable."] : []),
    ],
    properties,
  };
}

/** The controls of a camera. */
export function controlsOf(device: Controlled): CameraControls {
  const configuration = () => device.configuration as SourceConfiguration;
  const measured = measurements.filter(({ sensor }) => sensor in device.sensors);
  const controls: CameraControls = {
    type: device.type,
    configuration,
    update: (changes) => device.updateConfiguration(changes as never),
    biases: () => biasesOf(device),
  };
  if (measured.length === 0) return controls;
  return {
    ...controls,
    measure: async () => {
      const figures: Measurement[] = [];
      // One after the other: each has the bus to itself.
      for (const { sensor, name, unit } of measured) {
        figures.push({ name, unit, value: await device.sensors[sensor]!() });
      }
      return figures;
    },
  };
}

async function biasesOf({ sensors, configuration }: Controlled): Promise<BiasBounds[]> {
  const inForce = configuration as SourceConfiguration;
  if (sensors.biases === undefined) return boundsInMillivolts(GEN31_BIASES, inForce);
  return boundsOfStates(await sensors.biases() as Readonly<Record<string, BiasState>>, inForce);
}

async function startRecorder(device: AnyDevice): Promise<SourceRecorder> {
  const name = fileNameFor(`${device.name} ${device.serial}`, new Date(), "raw");
  const stored = await newStoredFile(name);
  const recorder = device.recordTo(stored);
  return {
    get statistics() {
      return recorder.statistics;
    },
    stop: async () => {
      const result = await recorder.stop();
      if (result.error !== undefined) throw result.error;
      const { bytes, seconds, polarityEvents, gaps, droppedBytes, receipt } = result;
      const file = await stored?.getFile() ?? result.file;
      const lost = gaps === 0 && droppedBytes === 0
        ? "nothing is missing"
        : `${counted(gaps, "gap")}, ${scaled(droppedBytes, "B")} lost`;
      return {
        summary: `${name}: ${scaled(bytes, "B")}, ${scaled(polarityEvents, "events")} in ${
          seconds.toFixed(1)
        } s; ${lost}`,
        files: [
          ...(file === undefined ? [] : [{ name, content: file }]),
          { name: `${name}.receipt.jsonl`, content: receipt },
        ],
      };
    },
  };
}
