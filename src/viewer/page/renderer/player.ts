import type { Decoder } from "../../../decoder/decoder.ts";
import type { Packet } from "../../../packets/packet.ts";
import type { Status } from "../../../packets/status.ts";
import { turn } from "../../../web/page_settling.ts";
import type { LiveDecoder, RawItem } from "./live_decoder.ts";
import { PacketQueue } from "./packet_queue.ts";
import type { PlayedSource, SourceItem } from "./played_source.ts";

/** What a player tells; what is shown comes in the order of the events. */
export interface PlayerListener {
  /** A status came, of a packet or of bytes. Those may be shown before, or much later. */
  received(status: Status): void;
  /** The packet is due now. It is valid during the call only. */
  show(packet: Packet): void;
  /** The bytes are due now, all of them, and the decoder is to take them during the call. */
  showBytes(bytes: Uint8Array, decoder: Decoder): void;
  /** The picture begins anew, as after a seek. */
  restarted(): void;
  /** The source has come to its end, or has failed. */
  ended(error: unknown): void;
}

/**
 * Polarity events that may wait while a source is paused or slowed down: some 100 MB. Then the Worker reads no more. A
 * recording waits; a camera drops what its own buffer has no room for, and counts it. It is read again when half of them
 * were shown: then one long piece is missing now and then, and not a short one after each packet.
 */
const mostWaiting = 8_000_000;

/** A recording is read this many events ahead; more would only delay a seek. */
const mostAhead = 400_000;

/**
 * A source that always has more would leave the Worker no time to draw, so it is read for a while, and then messages have
 * their turn. Where drawing takes longer, as on a busy computer, so may reading: fewer pictures, and no events lost for them.
 */
const [shortestReadMs, longestReadMs] = [8, 250];

/** A page that is hidden, or busy, gets no pictures for a while. What is shown at a pace of its own stands still then. */
const longestTickMs = 100;

/** How long a live picture goes on without a word of time from the camera. */
const longestGuessUs = 200_000;

/**
 * Shows a source at a pace. The bytes of a live source at normal speed are shown as they come, also while the page is
 * hidden and draws nothing, so that no event waits for a picture. In all other cases packets wait in a queue and a
 * playhead, a time of the sensor, goes over them: no event is shown twice, and none is left out.
 */
export class Player {
  readonly #source: PlayedSource;
  readonly #listener: PlayerListener;
  readonly #queue = new PacketQueue();
  readonly #isLive: boolean;
  #speed = 1;
  #isPaused = false;
  #isClosed = false;
  #hasEnded = false;
  #playhead: number | undefined;
  /** Newest time that the source has told, and when. */
  #newest: number | undefined;
  #newestAtMs = 0;
  #tickedAtMs: number | undefined;
  #seekTo: number | undefined;
  /** Resolves where the reader waits for room, for a seek or for the end. */
  #wake: () => void = () => {};

  constructor(source: PlayedSource, listener: PlayerListener) {
    this.#source = source;
    this.#listener = listener;
    this.#isLive = source.timeLine === undefined;
  }

  /** Whether the playhead stands. */
  get isPaused(): boolean {
    return this.#isPaused;
  }

  /** Whether a recording has been shown to its end. */
  get isAtEnd(): boolean {
    return this.#hasEnded && this.#queue.isEmpty;
  }

  /** Time of the sensor that the picture shows, in µs. */
  get time(): number | undefined {
    return this.#playhead;
  }

  /** How far the picture is behind what was received, in µs; 0 where it is shown as it comes. */
  get behindUs(): number {
    if (!this.#isLive || this.#newest === undefined || this.#playhead === undefined) return 0;
    return Math.max(0, this.#newest - this.#playhead);
  }

  /** Whether events are shown as they come. */
  get #follows(): boolean {
    return this.#isLive && this.#speed === 1 && !this.#isPaused;
  }

  /** Reads the source until it is closed; never rejects. */
  async run(): Promise<void> {
    while (!this.#isClosed) {
      let error: unknown;
      try {
        await this.#seekWhereAsked();
        await this.#read();
      } catch (thrown) {
        error = thrown;
      }
      if (this.#seekTo !== undefined && error === undefined) continue;
      this.#hasEnded = true;
      if (!this.#isClosed) this.#listener.ended(error);
      if (this.#isLive || error !== undefined) return;
      while (this.#seekTo === undefined && !this.#isClosed) await this.#woken();
    }
  }

  /** Moves the playhead on, to be called for each picture; `nowMs` is a monotonic time. */
  tick(nowMs: number): void {
    const passedMs = Math.min(longestTickMs, nowMs - (this.#tickedAtMs ?? nowMs));
    this.#tickedAtMs = nowMs;
    if (this.#isPaused) return;
    if (this.#follows) return this.#follow(nowMs);
    this.#moveTo((this.#playhead ?? -Infinity) + passedMs * 1000 * this.#speed);
  }

  /** Stops the playhead, or lets it go on; a recording at its end begins again. */
  setPaused(isPaused: boolean): void {
    this.#isPaused = isPaused;
    if (!isPaused && this.isAtEnd && !this.#isLive) this.seek(-Infinity);
    this.#wake();
  }

  /** Sets the speed: 1 is as it happened. */
  setSpeed(speed: number): void {
    this.#speed = speed;
    this.#wake();
  }

  /** Pauses, and goes on by some µs. */
  step(us: number): void {
    this.#isPaused = true;
    this.#moveTo((this.#playhead ?? -Infinity) + us);
  }

  /** Goes to a time of a recording, in µs. */
  seek(time: number): void {
    if (this.#isLive) return;
    this.#seekTo = time;
    this.#wake();
  }

  /** Ends the reading. The source is closed by its owner. */
  close(): void {
    this.#isClosed = true;
    this.#wake();
  }

  async #seekWhereAsked(): Promise<void> {
    while (this.#seekTo !== undefined) {
      const time = this.#seekTo;
      await this.#source.timeLine!.seek(time);
      this.#queue.clear();
      this.#hasEnded = false;
      this.#playhead = Number.isFinite(time) ? time : undefined;
      this.#newest = undefined;
      if (this.#seekTo === time) this.#seekTo = undefined;
      this.#listener.restarted();
    }
  }

  async #read(): Promise<void> {
    let turnAtMs = performance.now();
    let readMs: number = shortestReadMs;
    for await (const item of this.#source.items) {
      if (this.#isClosed) return;
      if (this.#seekTo !== undefined) return;
      this.#receive(item);
      const nowMs = performance.now();
      if (nowMs - turnAtMs > readMs) {
        await turn();
        turnAtMs = performance.now();
        readMs = Math.min(longestReadMs, Math.max(shortestReadMs, turnAtMs - nowMs));
      }
      if (this.#holds(this.#isLive ? mostWaiting : mostAhead)) await this.#room();
    }
  }

  /** Resolves when what waits has become less, or does not matter any more. */
  async #room(): Promise<void> {
    const most = this.#isLive ? mostWaiting / 2 : mostAhead;
    while (this.#holds(most) && this.#seekTo === undefined && !this.#isClosed) await this.#woken();
  }

  /** Whether more events than that wait, which are not shown at once. */
  #holds(events: number): boolean {
    return !this.#follows && this.#queue.events > events;
  }

  #receive({ status, packet }: SourceItem | RawItem): void {
    if (packet instanceof Uint8Array) return this.#receiveBytes({ status, packet }, this.#source.decoder!);
    this.#hear(status);
    this.#wait(packet);
  }

  /** Shows the bytes, or lets their packets wait: those are valid until the next one, so that copies wait. */
  #receiveBytes(item: RawItem, decoder: LiveDecoder): void {
    const status = decoder.read(item, (bytes, decoder) => {
      if (this.#follows) {
        this.#showAll();
        return this.#listener.showBytes(bytes, decoder);
      }
      for (const packet of decoder.decode(bytes)) this.#wait(packet.clone());
    });
    this.#hear(status);
    if (this.#follows) this.#playhead = this.#newest;
  }

  #hear(status: Status): void {
    this.#listener.received(status);
    this.#newest = status.currentTime ?? this.#newest;
    this.#newestAtMs = performance.now();
  }

  #wait(packet: Packet): void {
    this.#queue.push(packet);
    this.#playhead ??= this.#firstTime(packet);
  }

  #firstTime({ polarityEvents, triggerEvents }: Packet): number | undefined {
    return polarityEvents?.t[0] ?? triggerEvents?.t[0];
  }

  /** A live picture fades on between two packets. */
  #follow(nowMs: number): void {
    this.#showAll();
    if (this.#newest === undefined) return;
    const guessUs = Math.min(longestGuessUs, (nowMs - this.#newestAtMs) * 1000);
    this.#playhead = this.#newest + Math.max(0, guessUs);
  }

  #showAll(): void {
    if (this.#queue.isEmpty) return;
    for (const packet of this.#queue.takeUntil(Infinity)) this.#listener.show(packet);
    this.#wake();
  }

  /** Shows what lies before a time; not beyond what has been received. */
  #moveTo(time: number): void {
    const known = this.#newest;
    if (known === undefined || this.#playhead === undefined) return;
    const isBeyond = time > known;
    for (const packet of this.#queue.takeUntil(isBeyond ? Infinity : time)) this.#listener.show(packet);
    this.#playhead = isBeyond ? Math.max(known, this.#playhead) : time;
    this.#wake();
  }

  #woken(): Promise<void> {
    return new Promise((resolve) => this.#wake = resolve);
  }
}
