import type { EventFormat } from "../../../decoder/decoder.ts";
import { type Library, loadLibrary } from "../../../native/library.ts";
import type { Geometry } from "../../../types.ts";
import { crc32 } from "../../codecs/crc32.ts";
import { recordingError } from "../../errors.ts";
import type { FormatReader, FormatReadOptions, Overview, ReadItem } from "../../format.ts";
import { BytesSource } from "../../memory_source.ts";
import type { ByteSource, SourceFiles } from "../../source.ts";
import {
  encodingOf,
  fieldOf,
  type GeometryFacts,
  geometryOf,
  HeaderMistake,
  isLegacy,
  largestSide,
  type RawEncoding,
} from "./encoding.ts";
import { parseRawHeader, type RawHeader } from "./header.ts";
import { lossesOf } from "./losses.ts";
import { IndexKeeper } from "./index_keeper.ts";
import { placeBefore, placeBytes } from "./raw_index.ts";
import { type RawFacts, RawPass } from "./raw_pass.ts";

/** Bytes that are read and decoded at a time, of a file and of a stream, which may come slowly. */
const chunkBytes = { file: 1 << 20, stream: 1 << 16 } as const;

/** So many bytes at the beginning are decoded sooner than an index is made; of a long recording an eighth, once. */
const nearBytes = 1 << 24;

/** The longest header. Those that programs write have less than a thousand bytes. */
const longestHeader = 1 << 16;

/** Sizes of sensors, from small to large: where an event lies outside of a guessed one, the next one is tried. */
const sizes: readonly Geometry[] = [{ width: 640, height: 480 }, { width: 1280, height: 720 }];

/** Opens a RAW file with words of one encoding. */
export async function openRaw(
  files: SourceFiles,
  options: FormatReadOptions,
  encoding: RawEncoding,
): Promise<FormatReader> {
  const { main } = files;
  try {
    const header = await readHeader(main);
    return await readerOf(await loadLibrary(), files, header, encoding, options);
  } catch (cause) {
    await main.close();
    if (!(cause instanceof HeaderMistake)) throw cause;
    throw recordingError("damaged", cause.message, { operation: "open recording", path: main.name, offset: 0 });
  }
}

/** A header, and the checksum of its bytes. */
interface HashedHeader extends RawHeader {
  readonly hash: number;
}

async function readHeader(source: ByteSource): Promise<HashedHeader> {
  for (const length of [4096, longestHeader]) {
    const head = await source.read(0, length);
    const isWhole = head.length < length;
    const header = parseRawHeader(head, isWhole);
    if (header.isComplete) return { ...header, hash: crc32(head.subarray(0, header.byteLength)) };
    if (!isWhole) continue;
    throw recordingError("damaged", "its header is not complete: its last line has no end", {
      operation: "open recording",
      path: source.name,
      offset: header.byteLength,
    });
  }
  throw new HeaderMistake(`its header does not end within ${longestHeader} bytes`);
}

async function readerOf(
  library: Library,
  files: SourceFiles,
  { fields, byteLength, hash }: HashedHeader,
  encoding: RawEncoding,
  { geometry, reuseBuffers = false, keepIndex = true }: FormatReadOptions,
): Promise<FormatReader> {
  const facts = encodingOf(fields) ?? { name: encoding, encoding, options: {} };
  if (facts.encoding !== encoding) throw new HeaderMistake(`its header says ${facts.name}, not ${encoding}`);
  const told = geometry ?? geometryOf(fields, facts);
  const t0 = fieldOf(fields, "t0") ?? "0";
  if (!/^-?[0-9]{1,15}$/.test(t0)) throw new HeaderMistake(`t0 "${t0}" is no time in µs`);
  const raw: RawFacts = {
    format: formatOf(encoding, () => isLegacy(fields, facts)),
    encoding,
    geometry: told ?? largest,
    start: byteLength,
    addedTime: Number(t0),
    losses: await lossesOf(files),
  };
  const known = told !== undefined && "isGuess" in told && (told as GeometryFacts).isGuess
    ? await widened(library, files.main, raw)
    : told;
  const width = known?.width;
  return new RawReader(library, files, {
    facts: { ...raw, geometry: known ?? largest },
    geometry: width === undefined ? undefined : { width, height: known!.height },
    header: fields,
    headerHash: hash,
    reuseBuffers,
    keepIndex,
  });
}

const largest: Geometry = { width: largestSide, height: largestSide };

function formatOf(encoding: RawEncoding, legacy: () => boolean): EventFormat {
  switch (encoding) {
    case "EVT2":
      return "evt2";
    case "EVT21":
      return legacy() ? "evt21-legacy" : "evt21";
    case "EVT3":
      return "evt3";
    case "EVT4":
      return "evt4";
  }
}

/**
 * A guessed size, or a larger one where the first events need it: expelliarmus writes the number of a 640x480 board
 * whatever the sensor was. Undefined where no known sensor has such events.
 */
async function widened(library: Library, source: ByteSource, raw: RawFacts): Promise<Geometry | undefined> {
  const guess = raw.geometry;
  const larger = sizes.filter(({ width, height }) => width > guess.width && height > guess.height);
  const length = source.isSeekable ? chunkBytes.file : chunkBytes.stream;
  const bytes = new BytesSource((await source.read(raw.start, length)).slice());
  for (const geometry of [guess, ...larger]) {
    const pass = new RawPass(library, bytes, { ...raw, geometry, start: 0, losses: [] }, {
      chunkBytes: length,
      reuseBuffers: true,
    });
    let outOfSensor = 0;
    try {
      for await (const item of pass.items()) outOfSensor += item.outOfSensor;
    } catch {
      // It is told when it is read.
    }
    if (outOfSensor === 0) return geometry;
  }
  return undefined;
}

interface RawParts {
  readonly facts: RawFacts;
  readonly geometry: Geometry | undefined;
  readonly header: Readonly<Record<string, string>>;
  /** The checksum of the header's bytes. */
  readonly headerHash: number;
  readonly reuseBuffers: boolean;
  readonly keepIndex: boolean;
}

class RawReader implements FormatReader {
  readonly #library: Library;
  readonly #files: SourceFiles;
  readonly #parts: RawParts;
  readonly #index: IndexKeeper | undefined;
  #wasRead = false;

  constructor(library: Library, files: SourceFiles, parts: RawParts) {
    this.#library = library;
    this.#files = files;
    this.#parts = parts;
    const { facts, headerHash, keepIndex } = parts;
    if (files.again !== undefined) {
      this.#index = new IndexKeeper(library, files, { facts, headerHash, mayKeep: keepIndex });
    }
  }

  get geometry(): Geometry | undefined {
    return this.#parts.geometry;
  }

  get header(): Readonly<Record<string, string>> {
    return this.#parts.header;
  }

  async *read(from: number = -Infinity): AsyncGenerator<ReadItem, undefined> {
    const { size = 0 } = this.#files.main;
    const near = this.#wasRead ? nearBytes : Math.max(nearBytes, size / 8);
    this.#wasRead = true;
    if (from === -Infinity || this.#index === undefined || size <= placeBytes) return yield* this.#pass().items(from);
    const known = await this.#index.known();
    if (known === undefined && (yield* this.#readNear(from, near))) return;
    const { places } = known ?? await this.#index.index();
    const pass = this.#pass();
    const place = placeBefore(places, from);
    if (place !== undefined) pass.goTo(place.offset, place.snapshot);
    yield* pass.items(from);
  }

  #pass(): RawPass {
    const { main } = this.#files;
    return new RawPass(this.#library, main, this.#parts.facts, {
      chunkBytes: main.isSeekable ? chunkBytes.file : chunkBytes.stream,
      reuseBuffers: this.#parts.reuseBuffers,
    });
  }

  /** Reads from the beginning, unless the time does not come within so many bytes. Returns whether it has come. */
  async *#readNear(from: number, bytes: number): AsyncGenerator<ReadItem, boolean> {
    const pass = this.#pass();
    let isReached = false;
    for await (const item of pass.items(from)) {
      isReached ||= (item.currentTime ?? -Infinity) >= from;
      if (!isReached && pass.position > bytes) return false;
      yield item;
    }
    return true;
  }

  async overview(): Promise<Overview> {
    if (this.#index !== undefined) return (await this.#index.index()).overview;
    throw recordingError("unsupported", "it can be read only once", {
      operation: "read overview",
      path: this.#files.main.name,
    });
  }

  async close(): Promise<void> {
    await this.#index?.close();
    await this.#files.main.close();
  }
}
