import type { TriggerEvents } from "../packets/columns.ts";
import type { Packet } from "../packets/packet.ts";
import { wrongKind } from "../checks.ts";
import { showAs } from "../shown.ts";
import type { StreamItem } from "../stream/stream_item.ts";
import { AsyncPackets } from "../stream/async_packets.ts";
import { readableOf } from "../stream/readable.ts";
import { ReaderLock } from "../stream/reader_lock.ts";
import type { Geometry } from "../types.ts";
import { recordingError } from "./errors.ts";
import type { FormatReader, Overview, RecordingFormat } from "./format.ts";
import { overviewOf } from "./overview.ts";
import { Playback, type PlaybackOptions } from "./playback.ts";
import type { RecordedCamera, Recording } from "./recording.ts";
import { RecordingIteration } from "./recording_iteration.ts";

/** What closed a recording. */
export type RecordingEnding = { readonly by: "close" } | { readonly by: "abort"; readonly reason: unknown };

/** What a recording is made of. */
export interface RecordingParts {
  readonly format: RecordingFormat;
  readonly size: number | undefined;
  readonly reader: FormatReader;
  readonly camera: RecordedCamera | undefined;
  readonly playback: PlaybackOptions;
  readonly reuseBuffers: boolean;
  readonly signal: AbortSignal | undefined;
  /** Opens it once more, to be read beside the first; undefined where it can be read only once. */
  readonly openAgain: (() => Promise<FormatReader>) | undefined;
}

/** What the iterations of a recording need of it. */
export class RecordingCore {
  readonly parts: RecordingParts;
  readonly playback: Playback;
  readonly readerLock = new ReaderLock();
  ending: RecordingEnding | undefined;
  #closing: Promise<void> | undefined;
  #overview: Promise<Overview> | undefined;
  readonly #onAbort = () => void this.close({ by: "abort", reason: this.parts.signal!.reason });

  constructor(parts: RecordingParts) {
    this.parts = parts;
    this.playback = new Playback(parts.reader, parts.playback);
    parts.signal?.addEventListener("abort", this.#onAbort);
  }

  get name(): string {
    return this.parts.playback.name;
  }

  close(ending: RecordingEnding): Promise<void> {
    this.#closing ??= this.#close(ending);
    return this.#closing;
  }

  async #close(ending: RecordingEnding): Promise<void> {
    this.ending = ending;
    this.parts.signal?.removeEventListener("abort", this.#onAbort);
    this.playback.wake();
    const stopped = this.playback.stop();
    await this.parts.reader.close(); // a read of a stream that waits ends with it
    await stopped;
  }

  overview(): Promise<Overview> {
    this.checkOpen("read overview");
    this.#overview ??= this.#readOverview().catch((error) => {
      this.#overview = undefined;
      throw error;
    });
    return this.#overview;
  }

  async #readOverview(): Promise<Overview> {
    const { reader, openAgain } = this.parts;
    if (openAgain === undefined) {
      throw recordingError("unsupported", "only the end of a stream tells what was in it", {
        operation: "read overview",
        path: this.name,
      });
    }
    return await (reader.overview?.() ?? overviewOf(openAgain, () => this.checkOpen("read overview")));
  }

  /** @throws {NeuromorphicError} "closed". */
  checkOpen(operation: string): void {
    const { ending } = this;
    if (ending === undefined) return;
    const cause = ending.by === "abort" ? "its signal was aborted" : "close() was called, or its `using` scope ended";
    throw recordingError("closed", `the recording is closed, because ${cause}`, {
      operation,
      path: this.name,
      ...("reason" in ending && { cause: ending.reason }),
    });
  }
}

/** Recordings for which a program waits. */
const inUse = new Set<unknown>();

/** A recording over its parts. */
export class FileRecording implements Recording {
  readonly #core: RecordingCore;
  /** Held weakly, so that the recording is free for another reader when the program has dropped the stream. */
  #readable: WeakRef<ReadableStream<StreamItem<Packet>>> | undefined;

  constructor(parts: RecordingParts) {
    this.#core = new RecordingCore(parts);
    forgotten.register(this, this.#core, this);
  }

  get name(): string {
    return this.#core.name;
  }

  get format(): RecordingFormat {
    return this.#core.parts.format;
  }

  get size(): number | undefined {
    return this.#core.parts.size;
  }

  get geometry(): Geometry | undefined {
    return this.#core.parts.reader.geometry;
  }

  get header(): Readonly<Record<string, string>> {
    return this.#core.parts.reader.header;
  }

  get camera(): RecordedCamera | undefined {
    return this.#core.parts.camera;
  }

  get closed(): boolean {
    return this.#core.ending !== undefined;
  }

  async duration(): Promise<number> {
    const range = await this.timeRange();
    return range === undefined ? 0 : range.last - range.first;
  }

  async timeRange(): Promise<{ readonly first: number; readonly last: number } | undefined> {
    return (await this.#reading(this.#core.overview())).timeRange;
  }

  async triggers(): Promise<TriggerEvents> {
    const { t, id, edge } = (await this.#reading(this.#core.overview())).triggers;
    return { t: t.slice(), id: id.slice(), edge: edge.slice() }; // each caller may change its own
  }

  async seek(time: number): Promise<void> {
    if (typeof time !== "number" || !Number.isFinite(time)) {
      throw wrongKind("time", "a number of µs", time);
    }
    this.#core.checkOpen("seek");
    await this.#reading(this.#core.playback.seek(time));
  }

  /** Waits for something that is read. The recording is not forgotten meanwhile, also where the program has dropped it. */
  async #reading<Result>(done: Promise<Result>): Promise<Result> {
    const hold = { recording: this };
    inUse.add(hold);
    try {
      return await done;
    } finally {
      inUse.delete(hold);
    }
  }

  get readable(): ReadableStream<StreamItem<Packet>> {
    const held = this.#readable?.deref();
    if (held !== undefined) return held;
    const readable = readableOf(new RecordingIteration(this.#core, this), () => this.#readable = undefined);
    this.#readable = new WeakRef(readable);
    return readable;
  }

  close(): Promise<void> {
    forgotten.unregister(this);
    return this.#core.close({ by: "close" });
  }

  // The iterators hold the recording: while the program iterates, it is not forgotten.

  [Symbol.asyncIterator](): AsyncIterableIterator<StreamItem<Packet>, undefined> {
    return new AsyncPackets(new RecordingIteration(this.#core, this));
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.close();
  }
}

showAs<FileRecording>(FileRecording, "Recording", ({ name, format, geometry, closed }) => ({
  name,
  format: format.name,
  geometry: geometry && { width: geometry.width, height: geometry.height },
  closed,
}));

/** Closes what the program has dropped: the system's files are few, and Node warns of one that was left open. */
const forgotten = new FinalizationRegistry<RecordingCore>((core) => void core.close({ by: "close" }));
