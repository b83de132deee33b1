/** An open camera, and the pages that look at it. */

import { resolve } from "node:path";
import type { ServerResponse } from "node:http";
import {
  type CameraType,
  type Device,
  NeuromorphicError,
  type Recorder,
  type RecorderStatistics,
  type RecordingResult,
} from "../../../mod.ts";
import { boolean, number, options as optionsOf, text, wholeNumber } from "../../checks.ts";
import type { CameraDescription, RecorderState, RecordRequest, WireError } from "../wire.ts";
import { wireErrorOf } from "../wire_errors.ts";
import { PageStream } from "./page_stream.ts";
import { HttpError } from "./replies.ts";

/** A camera in raw mode, whose packets belong to their holder: they wait in sockets. */
export type ServedDevice = Device<CameraType, Uint8Array<ArrayBuffer> | undefined>;

/** The most pages at once: a browser opens six connections to a server, and commands need one, too. */
const maximumPages = 4;

/** How often pages are told how far a recording is. */
const recorderIntervalMs = 500;

/** How a session is made. */
export interface SessionOptions {
  readonly isVirtual: boolean;
  /** The folder that relative paths of recordings are meant from. */
  readonly folder: string;
}

/** An open camera that pages look at. One loop reads it, whether or not there are pages. */
export class CameraSession {
  readonly #device: ServedDevice;
  readonly #options: SessionOptions;
  readonly #pages = new Set<PageStream>();
  #recorder: Recorder | undefined;
  #toldRecorderMs = 0;
  #end: { readonly error: WireError | null } | undefined;

  constructor(device: ServedDevice, options: SessionOptions) {
    this.#device = device;
    this.#options = options;
  }

  /** What pages are told of the camera. */
  describe(): CameraDescription {
    const { type, name, serial, speed, properties, decoderOptions, firmware, configuration, sensors } = this.#device;
    return {
      kind: "camera",
      type,
      name,
      serial,
      speed,
      isVirtual: this.#options.isVirtual,
      properties,
      decoderOptions,
      firmware,
      configuration,
      sensors: Object.keys(sensors),
      recorder: this.#recorder === undefined ? null : recorderState(this.#recorder),
    };
  }

  /**
   * Hands what the camera sends to the pages, until the signal aborts. Resolves when the camera is gone or fails, too, with
   * the error; null where there was none.
   */
  async run(signal: AbortSignal): Promise<WireError | null> {
    try {
      for await (const { status, packet } of this.#device) {
        if (signal.aborted) break;
        for (const page of this.#pages) page.sendData(status, packet ?? noBytes);
        this.#tellRecorder();
      }
      return this.#finish(null);
    } catch (error) {
      if (!(error instanceof NeuromorphicError)) throw error;
      return this.#finish(wireErrorOf(error));
    }
  }

  /** Adds a page. It gets what comes from now on. */
  addPage(response: ServerResponse): void {
    if (this.#pages.size >= maximumPages) {
      throw new HttpError(503, `${maximumPages} pages look at the camera already; close one`);
    }
    const page = new PageStream(response);
    if (this.#end !== undefined) {
      page.end({ kind: "end", ...this.#end });
      return;
    }
    this.#pages.add(page);
    response.on("close", () => this.#pages.delete(page));
    response.on("error", () => this.#pages.delete(page));
  }

  /** Changes the configuration; all pages are told. Returns the one in force. */
  updateConfiguration(changes: unknown): unknown {
    const device = this.#device as { updateConfiguration(changes: unknown): void };
    device.updateConfiguration(changes);
    const { configuration } = this.#device;
    for (const page of this.#pages) page.send({ kind: "configuration", configuration });
    return configuration;
  }

  /** Measures by one of the camera's sensors. */
  measure({ name, parameters = [] }: { readonly name?: unknown; readonly parameters?: unknown }): unknown {
    // The sensor itself checks the parameters.
    const sensors = { ...this.#device.sensors } as Record<string, unknown>;
    if (typeof name !== "string" || !Object.hasOwn(sensors, name)) {
      throw new TypeError(`name must be one of ${Object.keys(sensors).join(", ")}, not ${JSON.stringify(name)}`);
    }
    if (!Array.isArray(parameters)) throw new TypeError("parameters must be an array");
    return (sensors[name] as (...parameters: unknown[]) => unknown)(...parameters);
  }

  /** Begins a recording beside the loop. */
  startRecording(given: unknown): RecorderState {
    const { path, ...options } = checkRecordRequest(given);
    if (this.#recorder !== undefined && this.#recorder.statistics.reason === undefined) {
      const message = `${this.#recorder.path} is being recorded; stop that first`;
      throw new NeuromorphicError("busy", message, { operation: "record" });
    }
    this.#recorder = this.#device.recordTo(resolve(this.#options.folder, path), options);
    this.#toldRecorderMs = 0;
    return recorderState(this.#recorder);
  }

  /** Ends the recording; resolves when all is written. */
  async stopRecording(): Promise<RecorderState> {
    if (this.#recorder === undefined) throw new HttpError(409, "nothing is being recorded");
    const result = await this.#recorder.stop();
    this.#tellRecorder();
    return recorderState(this.#recorder, result);
  }

  /** What the running recording became, at the end of all. */
  async finishRecording(): Promise<RecordingResult | undefined> {
    return await this.#recorder?.stop();
  }

  /** From time to time while it runs, and once when it has ended. */
  #tellRecorder(): void {
    const recorder = this.#recorder;
    const now = performance.now();
    if (recorder === undefined || now < this.#toldRecorderMs + recorderIntervalMs) return;
    const state = recorderState(recorder);
    this.#toldRecorderMs = state.reason === null ? now : Infinity;
    for (const page of this.#pages) page.send({ kind: "recorder", recorder: state });
  }

  #finish(error: WireError | null): WireError | null {
    this.#end = { error };
    for (const page of this.#pages) page.end({ kind: "end", error });
    this.#pages.clear();
    return error;
  }
}

const noBytes = new Uint8Array(0);

const checkRecordRequest = optionsOf<RecordRequest>("record", {
  path: (value, name) => {
    const path = text(value, name);
    if (path === "" || path.includes("\0")) throw new RangeError(`${name} must be the path of a file`);
    return path;
  },
  seconds: number(0.001, 1e9),
  bytes: wholeNumber(4096, Number.MAX_SAFE_INTEGER),
  force: boolean,
}, ["path"]);

function recorderState(
  { path, receiptPath, statistics }: Recorder,
  result: RecorderStatistics & { readonly error?: unknown } = statistics,
): RecorderState {
  const { bytes, seconds, polarityEvents, gaps, droppedBytes, queuedBytes, reason = null, error } = result;
  return {
    path,
    receiptPath,
    bytes,
    seconds,
    polarityEvents,
    gaps,
    droppedBytes,
    queuedBytes,
    reason,
    error: error === undefined ? null : wireErrorOf(error),
  };
}
