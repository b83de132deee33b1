import { NativeDecoder } from "../../../decoder/native_decoder.ts";
import { packetCapacity } from "../../../decoder/packet_capacity.ts";
import type { Library } from "../../../native/library.ts";
import { crc32 } from "../../codecs/crc32.ts";
import { recordingError } from "../../errors.ts";
import type { SourceFiles } from "../../source.ts";
import { decodeIndex, encodeIndex, type IndexFacts, indexName } from "./index_file.ts";
import { buildIndex, type RawIndex } from "./raw_index.ts";
import { type RawFacts, RawPass } from "./raw_pass.ts";

/** A smaller recording is decoded anew in no time: no file is put beside it. */
const smallestKept = 1 << 24;

/** What an index must know of its recording. */
export interface IndexedRecording {
  readonly facts: RawFacts;
  /** The checksum of the header's bytes. */
  readonly headerHash: number;
  /** Whether a file may be written. */
  readonly mayKeep: boolean;
}

/** Finds a recording's index beside it, or makes it when it is first needed. */
export class IndexKeeper {
  readonly #library: Library;
  readonly #files: SourceFiles;
  readonly #recording: IndexedRecording;
  #index: Promise<RawIndex> | undefined;
  #isClosed = false;

  /** The files must be such that can be read again. */
  constructor(library: Library, files: SourceFiles, recording: IndexedRecording) {
    this.#library = library;
    this.#files = files;
    this.#recording = recording;
  }

  index(): Promise<RawIndex> {
    this.#index ??= this.#findOrBuild().catch((error) => {
      this.#index = undefined;
      throw error;
    });
    return this.#index;
  }

  /** The index, where it lies beside the recording, was made before or is being made; none is made for this. */
  async known(): Promise<RawIndex | undefined> {
    if (this.#index !== undefined) return await this.#index;
    const found = await this.#find();
    if (found !== undefined) this.#index ??= Promise.resolve(found);
    return found;
  }

  /** Ends the making of an index. */
  async close(): Promise<void> {
    this.#isClosed = true;
    await this.#index?.catch(() => {});
  }

  async #findOrBuild(): Promise<RawIndex> {
    return await this.#find() ?? await this.#build();
  }

  async #find(): Promise<RawIndex | undefined> {
    const file = await this.#files.sibling(indexName);
    if (file === undefined) return undefined;
    try {
      const index = decodeIndex(await file.read(0, file.size ?? 0), this.#facts());
      return index !== undefined && this.#isOfThisVersion(index) ? index : undefined;
    } catch {
      return undefined; // not readable, or not what it says
    } finally {
      await file.close();
    }
  }

  /** Whether this library's decoder takes the snapshots: all are of one version. */
  #isOfThisVersion({ places: { snapshots, snapshotBytes, times } }: RawIndex): boolean {
    if (times.length === 0) return true;
    const { format, geometry: { width, height } } = this.#recording.facts;
    const decoder = new NativeDecoder(this.#library, { format, width, height }, packetCapacity, true);
    try {
      return decoder.restore(snapshots.subarray(0, snapshotBytes));
    } finally {
      decoder.close();
    }
  }

  async #build(): Promise<RawIndex> {
    const source = await this.#files.again!();
    try {
      const pass = new RawPass(this.#library, source, this.#recording.facts, {
        chunkBytes: 1 << 20,
        reuseBuffers: true,
      });
      const index = await buildIndex(pass, () => this.#checkOpen());
      await this.#keep(index, source.size ?? 0);
      return index;
    } finally {
      await source.close();
    }
  }

  async #keep(index: RawIndex, size: number): Promise<void> {
    if (!this.#recording.mayKeep || size < smallestKept) return;
    await this.#files.keep?.(indexName, encodeIndex(index, this.#facts()));
  }

  /** What must be as it was when the index was made. */
  #facts(): IndexFacts {
    const { size, modifiedMs } = this.#files.main;
    const { facts: { geometry, start, format, addedTime, losses }, headerHash } = this.#recording;
    return {
      size,
      modifiedMs: modifiedMs === undefined ? undefined : Math.floor(modifiedMs),
      headerHash,
      start,
      format,
      addedTime,
      losses: crc32(new TextEncoder().encode(JSON.stringify(losses))),
      width: geometry.width,
      height: geometry.height,
    };
  }

  #checkOpen(): void {
    if (!this.#isClosed) return;
    throw recordingError("closed", "the recording was closed", {
      operation: "make index",
      path: this.#files.main.name,
    });
  }
}
