import { emptyPacket, type Packet } from "../packets/packet.ts";
import {
  beginning,
  endOf,
  isSamePlace,
  lastTimeOf,
  later,
  type Place,
  placeOf,
  slicePacket,
  timeAt,
} from "../packets/slice.ts";
import { type Gap, noGap, type Status } from "../packets/status.ts";
import type { StreamItem } from "../stream/stream_item.ts";
import { recordingError } from "./errors.ts";
import type { FormatReader, ReadItem } from "./format.ts";
import { Pacer } from "./pacer.ts";

/** What is played of a recording, and how. */
export interface PlaybackOptions {
  /** What errors call the recording. */
  readonly name: string;
  /** False where it can be read only once. */
  readonly isSeekable: boolean;
  readonly from: number;
  readonly to: number;
  /** Undefined: as fast as possible. */
  readonly speed: number | undefined;
  readonly loop: boolean;
}

/** An item that is handed out in parts, and how much of it was. */
interface Rest {
  readonly item: ReadItem;
  readonly end: Place;
  readonly receivedMs: number;
  readonly receivedAt: number;
  place: Place;
  /** Nothing of it was handed out. */
  isWhole: boolean;
}

/** A part of an item that waits until it is due. */
interface Part {
  readonly rest: Rest;
  readonly packet: Packet;
  readonly end: Place;
}

/** The items of a reader as a program gets them: from a time to another one, at a speed, once or again and again. */
export class Playback {
  readonly #reader: FormatReader;
  readonly #options: PlaybackOptions;
  readonly #pacer: Pacer | undefined;
  #items: AsyncIterator<ReadItem, undefined> | undefined;
  /** Events before this time are left out. */
  #from: number;
  #rest: Rest | undefined;
  /** A part that was not due yet when the iteration ended. */
  #waiting: Part | undefined;
  #isAtEnd = false;
  /** Nothing more comes of this pass. */
  #isPassOver = false;
  /** Whether this pass has had an event: a loop over nothing would never end. */
  #hasEvents = false;
  #beginsAgain = false;
  #currentTime: number | undefined;
  /** Ends with the last call of `next`: that of an iteration which was ended may still read. */
  #before: Promise<unknown> = Promise.resolve();
  /** Changes with each seek: what was read before it is of no use. */
  #generation = 0;

  constructor(reader: FormatReader, options: PlaybackOptions) {
    this.#reader = reader;
    this.#options = options;
    this.#from = options.from;
    this.#pacer = options.speed === undefined ? undefined : new Pacer(options.speed);
    this.#pacer?.begin(options.from);
  }

  /**
   * Hands out the next item, and returns true; false at the end, and where `mayWait` became false while it waited.
   * `handOut` is called in the step that takes the item: what ends the wait comes before both, or after both.
   */
  next(mayWait: () => boolean, handOut: (item: StreamItem<Packet>) => void): Promise<boolean> {
    const result = this.#before.then(() => this.#next(mayWait, handOut));
    this.#before = result.catch(() => {});
    return result;
  }

  async #next(mayWait: () => boolean, handOut: (item: StreamItem<Packet>) => void): Promise<boolean> {
    while (mayWait()) {
      const generation = this.#generation;
      const part = this.#waiting ?? await this.#nextPart(generation);
      if (generation !== this.#generation) continue;
      this.#waiting = part;
      if (part === undefined) return false;
      const tick = await this.#pacer?.wait(lastTimeOf(part.packet) ?? part.rest.item.currentTime);
      if (generation !== this.#generation || !mayWait()) continue;
      if (tick === undefined) this.#waiting = undefined;
      handOut(tick === undefined ? this.#itemOf(part) : this.#tick(tick));
      return true;
    }
    return false;
  }

  /** Ends a wait for the time at which the next part is due. */
  wake(): void {
    this.#pacer?.wake();
  }

  /** The clock stands from here on, until the next item is asked for. */
  pause(): void {
    this.#pacer?.pause();
  }

  async seek(time: number): Promise<void> {
    const from = Math.max(time, this.#options.from);
    const { isSeekable, name } = this.#options;
    if (!isSeekable && this.#currentTime !== undefined && from < this.#currentTime) {
      throw recordingError("unsupported", "a stream can only be read onwards", { operation: "seek", path: name });
    }
    this.#generation++;
    this.#from = from;
    this.#waiting = undefined;
    this.#pacer?.begin(from);
    this.wake();
    if (!isSeekable) {
      const rest = this.#rest;
      this.#isPassOver = false; // the part that waited was the last one, and is looked at again
      if (rest !== undefined) rest.place = later(rest.place, placeOf(rest.item.packet, from));
      return;
    }
    this.#rest = undefined;
    this.#isAtEnd = false;
    this.#isPassOver = false;
    await this.#leave();
  }

  /** Nothing is read any more. */
  async stop(): Promise<void> {
    this.#generation++;
    this.#isAtEnd = true;
    this.#rest = undefined;
    this.#waiting = undefined;
    await this.#leave();
  }

  /** Ends the reader's loop. */
  async #leave(): Promise<void> {
    const items = this.#items;
    this.#items = undefined;
    await items?.return?.();
  }

  async #nextPart(generation: number): Promise<Part | undefined> {
    while (!this.#isAtEnd) {
      if (this.#isPassOver) await this.#beginPass();
      else this.#rest ??= await this.#nextRest(generation);
      if (generation !== this.#generation) return undefined;
      const rest = this.#rest;
      if (rest === undefined) continue;
      const part = this.#partOf(rest);
      this.#isPassOver = (timeAt(rest.item.packet, part.end) ?? -Infinity) >= this.#options.to;
      if (!this.#isPassOver || !isSamePlace(rest.place, part.end)) return part;
    }
    return undefined;
  }

  /** What comes next and is not left out altogether. */
  async #nextRest(generation: number): Promise<Rest | undefined> {
    let isBeginning = this.#items === undefined;
    this.#items ??= this.#reader.read(this.#from);
    for (;;) {
      const result = await this.#items.next();
      if (generation !== this.#generation) return undefined;
      this.#isPassOver = result.done === true;
      if (result.done) return undefined;
      const { packet, currentTime = -Infinity } = result.value;
      const last = lastTimeOf(packet) ?? currentTime;
      if (last < this.#from && this.#from > -Infinity) {
        if (last > -Infinity) isBeginning = false;
        continue;
      }
      const first = timeAt(packet, beginning);
      // Before the beginning of a recording there is nothing to wait for: `from: 0` where times are those of a calendar.
      if (isBeginning && (first ?? currentTime) > this.#from) this.#pacer?.begin(-Infinity);
      const isAfter = (first ?? Infinity) >= this.#from;
      return {
        item: result.value,
        place: isAfter ? beginning : placeOf(packet, this.#from),
        end: endOf(packet),
        receivedMs: Date.now(),
        receivedAt: performance.now(),
        isWhole: true,
      };
    }
  }

  /** What is handed out next of an item: all of it, or what lies before `to` and within the pacer's step. */
  #partOf(rest: Rest): Part {
    const { item: { packet }, place } = rest;
    const first = timeAt(packet, place);
    const last = lastTimeOf(packet);
    const limit = first === undefined
      ? Infinity
      : Math.min(this.#options.to, first + (this.#pacer?.stepUs ?? Infinity));
    const end = last === undefined || last < limit ? rest.end : later(place, placeOf(packet, limit));
    const isAll = isSamePlace(place, beginning) && isSamePlace(end, rest.end);
    return { rest, end, packet: isAll ? packet : slicePacket(packet, place, end) };
  }

  /** After the end of the file, or of what was wanted of it: begins again, or ends. */
  async #beginPass(): Promise<void> {
    this.#isPassOver = false;
    this.#rest = undefined;
    await this.#leave();
    if (!this.#options.loop || !this.#hasEvents) {
      this.#isAtEnd = true;
      return;
    }
    this.#hasEvents = false;
    this.#beginsAgain = true;
    this.#from = this.#options.from;
    this.#pacer?.begin(this.#from);
  }

  #itemOf({ rest, packet, end }: Part): StreamItem<Packet> {
    const { item, isWhole, place } = rest;
    const gaps = item.gaps.filter((gap) => isGapWithin(gap, place, end, rest)).map((gap) => gapFrom(gap, place));
    const isAgain = this.#beginsAgain;
    this.#beginsAgain = false;
    const status = this.#status({
      receivedMs: rest.receivedMs,
      delayMs: performance.now() - rest.receivedAt,
      bytes: isWhole ? item.bytes : 0,
      currentTime: isSamePlace(end, rest.end) ? item.currentTime : lastTimeOf(packet) ?? this.#currentTime,
      outOfSensor: isWhole ? item.outOfSensor : 0,
      timeDiscontinuities: (isWhole ? item.timeDiscontinuities ?? item.gaps.length : 0) + (isAgain ? 1 : 0),
      rateController: item.rateController,
      droppedTransfers: sumOf(gaps, "droppedTransfers"),
      droppedBytes: sumOf(gaps, "droppedBytes"),
      gaps: isAgain ? [noGap, ...gaps] : gaps,
    });
    rest.isWhole = false;
    rest.place = end;
    if (isSamePlace(end, rest.end) && this.#rest === rest) this.#rest = undefined;
    this.#hasEvents ||= timeAt(packet, beginning) !== undefined;
    this.#currentTime = status.currentTime;
    return { status, packet };
  }

  /** Nothing happens, and time goes on. */
  #tick(time: number): StreamItem<Packet> {
    return { status: this.#status({ receivedMs: Date.now(), delayMs: 0, currentTime: time }), packet: emptyPacket() };
  }

  #status(known: Partial<Status> & Pick<Status, "receivedMs" | "delayMs">): Status {
    return { ...noStatus, consumedMs: Date.now(), ...known };
  }
}

/** What only USB has, and what is not so unless it is told. */
const noStatus = {
  backlog: 0,
  rawPackets: 0,
  bytes: 0,
  currentTime: undefined,
  outOfSensor: 0,
  timeDiscontinuities: 0,
  rateController: undefined,
  droppedTransfers: 0,
  droppedBytes: 0,
  missingTransfers: 0,
  gaps: [],
} as const;

/** Whether a gap lies in a part: before one of its events, or at the end of the item where this is its last part. */
function isGapWithin(gap: Gap, start: Place, end: Place, { end: whole }: Rest): boolean {
  const isBefore = (place: Place) =>
    gap.polarityEventIndex < place.polarity || gap.triggerEventIndex < place.trigger ||
    gap.imuEventIndex < place.imu || gap.frameIndex < place.frame;
  return !isBefore(start) && (isBefore(end) || isSamePlace(end, whole));
}

function gapFrom(gap: Gap, start: Place): Gap {
  return {
    ...gap,
    polarityEventIndex: gap.polarityEventIndex - start.polarity,
    triggerEventIndex: gap.triggerEventIndex - start.trigger,
    imuEventIndex: gap.imuEventIndex - start.imu,
    frameIndex: gap.frameIndex - start.frame,
  };
}

function sumOf(gaps: readonly Gap[], field: "droppedTransfers" | "droppedBytes"): number {
  return gaps.reduce((sum, gap) => sum + gap[field], 0);
}
