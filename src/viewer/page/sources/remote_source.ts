/// <reference lib="dom" />
/** What the server of `neuromorphic-drivers view` shows: a camera or a recording of its computer. */

import { counted, scaled } from "../../../cli/amounts.ts";
import type { CameraDescription, RecorderState, RecordRequest, SensorRequest, SourceDescription } from "../../wire.ts";
import { errorOf } from "../../wire_errors.ts";
import { fileNameFor } from "../file_names.ts";
import type { RecordedInput } from "../renderer/messages.ts";
import type { SourceRecorder, ViewerSource } from "../source.ts";
import { type Controlled, controlsOf, describe } from "./device_source.ts";
import { RemoteRequests } from "./remote_requests.ts";
import { type News, RemoteStream } from "./remote_stream.ts";

/** Whether the page was given by the server of `view`, which says so in `index.html`. */
export function isServedByView(page: Document): boolean {
  return page.documentElement.dataset.servedBy === "view";
}

/** Opens what the server shows; `page` is the page's address, and `openRecording` opens what is no camera. */
export async function openRemoteSource(
  page: string | URL,
  openRecording: (input: RecordedInput) => Promise<ViewerSource>,
): Promise<ViewerSource> {
  const requests = new RemoteRequests(new URL(page));
  const description = await requests.get<SourceDescription>("api/source");
  if (description.kind === "camera") return openCamera(requests, description);
  const { name, size, modifiedMs } = description;
  const options = { name, lastModified: modifiedMs, end: size };
  return await openRecording({ kind: "remote-file", url: requests.url("api/recording").href, options });
}

function openCamera(requests: RemoteRequests, description: CameraDescription): ViewerSource {
  const camera = new RemoteCamera(requests, description);
  const stream = new RemoteStream({
    begin: (signal) => requests.stream("api/stream", signal),
    onNews: (news) => camera.hear(news),
  });
  return {
    kind: "remote",
    ...describe(description),
    ...(description.isVirtual ? { name: `${description.name} (virtual)` } : {}),
    live: { items: stream, decoderOptions: description.decoderOptions },
    statistics: () => stream.statistics,
    controls: controlsOf(camera),
    record: () => camera.record(),
    close() {
      stream.close();
      return Promise.resolve();
    },
  };
}

/** The server's camera, as the page's controls see it. */
class RemoteCamera implements Controlled {
  readonly type: string;
  readonly sensors: Controlled["sensors"];
  readonly #requests: RemoteRequests;
  readonly #name: string;
  #configuration: unknown;
  #recorder: RecorderState | null;

  constructor(requests: RemoteRequests, description: CameraDescription) {
    const { type, name, serial, configuration, recorder, sensors } = description;
    this.#requests = requests;
    this.type = type;
    this.#name = `${name} ${serial}`;
    this.#configuration = configuration;
    this.#recorder = recorder;
    this.sensors = Object.fromEntries(sensors.map((name) => [name, (...parameters: unknown[]) => {
      return this.#measure({ name, parameters });
    }]));
  }

  get configuration(): unknown {
    return this.#configuration;
  }

  /** Another page, or this one, has changed something. */
  hear(news: News): void {
    if (news.kind === "configuration") this.#configuration = news.configuration;
    else this.#recorder = news.recorder;
  }

  async updateConfiguration(changes: unknown): Promise<void> {
    this.#configuration = await this.#requests.post("api/configuration", changes);
  }

  /** Records on the server's computer, in the folder that it was started in. */
  async record(): Promise<SourceRecorder> {
    const path = fileNameFor(this.#name, new Date(), "raw");
    this.#recorder = await this.#requests.post<RecorderState>("api/record", { path } satisfies RecordRequest);
    const statistics = () => this.#recorder ?? { bytes: 0, droppedBytes: 0 };
    return {
      get statistics() {
        return statistics();
      },
      stop: async () => {
        const state = await this.#requests.post<RecorderState>("api/record/stop", {});
        this.#recorder = state;
        if (state.error !== null) throw errorOf(state.error, "io");
        return { summary: summaryOf(state), files: [] };
      },
    };
  }

  async #measure(request: SensorRequest): Promise<unknown> {
    return (await this.#requests.post<{ readonly value: unknown }>("api/sensors", request)).value;
  }
}

function summaryOf({ path, bytes, seconds, polarityEvents, gaps, droppedBytes }: RecorderState): string {
  const lost = gaps === 0 ? "nothing is missing" : `${counted(gaps, "gap")}, ${scaled(droppedBytes, "B")} lost`;
  return `${path}: ${scaled(bytes, "B")}, ${scaled(polarityEvents, "events")} in ${seconds.toFixed(1)} s; ${lost}`;
}
