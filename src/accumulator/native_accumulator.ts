import { wrongKind } from "../checks.ts";
import { type Decoder } from "../decoder/decoder.ts";
import { NativeDecoder } from "../decoder/native_decoder.ts";
import { checkEventHolder, lentColumns } from "../encoder/lent_columns.ts";
import { NeuromorphicError } from "../errors.ts";
import { accumulatorKinds, blockIndex, blockLength, type Library, loadLibrary } from "../native/library.ts";
import { showAs } from "../shown.ts";
import type {
  Accumulated,
  AccumulatedEvents,
  Accumulator,
  AccumulatorKind,
  AccumulatorOptions,
  ImageOptions,
  ValuesOptions,
} from "./accumulator.ts";
import { checkAccumulatorOptions, type Checked, checkImageOptions, checkValuesOptions, isFading } from "./options.ts";
import { colorTable } from "./color_maps.ts";
import { TriggerRoom } from "./trigger_room.ts";

const optionsIndex = blockIndex("accumulator_options");
const viewIndex = blockIndex("accumulator_view");
const index = blockIndex("accumulated");

/** What native calls call a kind. */
function kindNumber(kind: AccumulatorKind): number {
  return accumulatorKinds.indexOf(kind === "time-surface" ? "time_surface" : kind);
}

/** An accumulator in a library, native or WebAssembly. */
export class NativeAccumulator implements Accumulator {
  readonly #library: Library;
  readonly #options: Checked;
  readonly #handle: number;
  readonly #report = new Float64Array(blockLength("accumulated"));
  readonly #view = new Float64Array(blockLength("accumulator_view"));
  readonly #triggers = new TriggerRoom();
  #currentTime: number | undefined;
  /** Made when they are first asked for. */
  #image: Uint8ClampedArray<ArrayBuffer> | undefined;
  #values: Float32Array<ArrayBuffer> | undefined;
  #closed = false;

  constructor(library: Library, options: Checked) {
    this.#library = library;
    this.#options = options;
    const block = new Float64Array(blockLength("accumulator_options"));
    block[optionsIndex.kind] = kindNumber(options.kind);
    block[optionsIndex.width] = options.width;
    block[optionsIndex.height] = options.height;
    block[optionsIndex.bins] = options.bins;
    block[optionsIndex.bin_us] = options.binUs;
    const handle = new Uint32Array(1);
    library.check(library.symbols.nd_accumulator_create(block, handle), "create accumulator");
    this.#handle = handle[0]!;
    forgotten.register(this, { library, handle: this.#handle }, this);
  }

  get kind(): AccumulatorKind {
    return this.#options.kind;
  }

  get width(): number {
    return this.#options.width;
  }

  get height(): number {
    return this.#options.height;
  }

  get currentTime(): number | undefined {
    return this.#currentTime;
  }

  add(events: AccumulatedEvents): Accumulated {
    this.#checkOpen("add events");
    checkEventHolder(events);
    const { count, columns: { t, x, y, on } } = lentColumns("polarity", "polarityEvents", events.polarityEvents);
    const { symbols, check } = this.#library;
    check(symbols.nd_accumulator_add(this.#handle, t, x, y, on, count, this.#report), "add events");
    if (count > 0) this.#currentTime = lastTimeIn(t as Float64Array, count) ?? this.#currentTime;
    const report = this.#report;
    return { events: report[index.events]!, onEvents: report[index.on_events]!, outside: report[index.outside]! };
  }

  addBytes(bytes: Uint8Array, decoder: Decoder): Accumulated {
    this.#checkOpen("add bytes");
    if (!(decoder instanceof NativeDecoder)) throw wrongKind("decoder", "a decoder of createDecoder", decoder);
    const { symbols, check } = this.#library;
    const [triggers, report] = [this.#triggers, this.#report];
    triggers.taken(); // of a call that threw
    const total = { events: 0, onEvents: 0, outside: 0 };
    decoder.decodeBy(this.#library, bytes, (decoderHandle, rest, length) => {
      const { memory, capacity } = triggers;
      check(
        symbols.nd_accumulator_decode(this.#handle, decoderHandle, rest, length, memory, capacity, report),
        "add bytes",
      );
      total.events += report[index.events]!;
      total.onEvents += report[index.on_events]!;
      total.outside += report[index.outside]!;
      triggers.take(report[index.triggers]!);
      return { consumed: report[index.consumed_bytes]!, currentTime: report[index.current_time]! };
    });
    this.#currentTime = decoder.currentTime ?? this.#currentTime;
    const triggerEvents = triggers.taken();
    return triggerEvents === undefined ? total : { ...total, triggerEvents };
  }

  image(options: ImageOptions = {}): Uint8ClampedArray<ArrayBuffer> {
    this.#checkOpen("draw");
    const { kind, width, height } = this.#options;
    const checked = checkImageOptions(kind, options);
    const isHeat = isFading(kind) && (checked.kind ?? kind) === "time-surface";
    const colors = colorTable(checked.colorMap ?? (isHeat ? "heat" : "orange-blue"), "colorMap");
    const image = this.#image ??= new Uint8ClampedArray(width * height * 4);
    const { symbols, check } = this.#library;
    check(symbols.nd_accumulator_draw(this.#handle, this.#lookedAt(checked), colors, image, width * height), "draw");
    return image;
  }

  values(options: ValuesOptions = {}): Float32Array<ArrayBuffer> {
    this.#checkOpen("read values");
    const { kind, width, height, bins } = this.#options;
    const view = this.#lookedAt(checkValuesOptions(kind, options));
    const values = this.#values ??= new Float32Array(width * height * bins);
    const { symbols, check } = this.#library;
    check(symbols.nd_accumulator_values(this.#handle, view, values, values.length), "read values");
    return values;
  }

  #lookedAt({ t, kind, tauUs, fullCount }: ImageOptions): Float64Array {
    const now = this.#currentTime ?? 0;
    const view = this.#view;
    view[viewIndex.t] = Math.max(t ?? now, now);
    view[viewIndex.kind] = kindNumber(kind ?? this.#options.kind);
    view[viewIndex.tau_us] = tauUs ?? this.#options.tauUs;
    view[viewIndex.full_count] = fullCount ?? this.#options.fullCount;
    return view;
  }

  clear(): void {
    this.#checkOpen("clear");
    this.#library.check(this.#library.symbols.nd_accumulator_clear(this.#handle), "clear");
  }

  reset(): void {
    this.#checkOpen("reset");
    this.#library.check(this.#library.symbols.nd_accumulator_reset(this.#handle), "reset");
    this.#currentTime = undefined;
  }

  close(): void {
    if (this.#closed) return;
    this.#closed = true;
    forgotten.unregister(this);
    this.#library.symbols.nd_accumulator_destroy(this.#handle);
    this.#image = undefined;
    this.#values = undefined;
  }

  [Symbol.dispose](): void {
    this.close();
  }

  static {
    showAs(NativeAccumulator, "Accumulator", (accumulator) => {
      const { kind, width, height, currentTime } = accumulator;
      return { kind, width, height, currentTime, closed: accumulator.#closed };
    });
  }

  #checkOpen(operation: string): void {
    if (this.#closed) throw new NeuromorphicError("closed", "the accumulator is closed", { operation });
  }
}

/** The last time that is possible. */
function lastTimeIn(times: Float64Array, count: number): number | undefined {
  for (let index = count - 1; index >= 0; --index) {
    const time = times[index]!;
    if (time >= 0 && time < 2 ** 51) return time;
  }
  return undefined;
}

const forgotten = new FinalizationRegistry<{ library: Library; handle: number }>(({ library, handle }) => {
  library.symbols.nd_accumulator_destroy(handle);
});

/** Makes accumulators as {@link createAccumulator} does, without a promise. */
export type AccumulatorMaker = (options: AccumulatorOptions) => Accumulator;

/** What makes accumulators at once, for a program that must not miss a packet meanwhile: the library is loaded. */
export async function accumulatorMaker(): Promise<AccumulatorMaker> {
  const library = await loadLibrary();
  return (options) => new NativeAccumulator(library, checkAccumulatorOptions(options));
}
