/// <reference lib="dom" />
import { turn } from "../../../web/page_settling.ts";
import { errorOf } from "../../wire_errors.ts";
import { defaultStyle, type PictureStyle } from "../styles.ts";
import type { Pixel } from "./hot_pixel_search.ts";
import type { RawItem } from "./live_decoder.ts";
import type { Asked, Drawn, Input, RecordingDescription, Told } from "./messages.ts";
import type { TimeRange } from "./played_source.ts";
import { weightOf } from "./sent_bytes.ts";

/** What a view hears of its Worker. */
export interface RendererListener {
  /** A picture is on the screen. */
  drawn(drawn: Drawn): void;
  styleRefused(error: unknown): void;
  hotPixels(pixels: readonly Pixel[]): void;
  /** The source has come to its end by itself: undefined for a recording's end, or what ended it. */
  ended(error: unknown): void;
}

/** A Worker, as the link uses it. */
export interface RendererPort {
  onmessage: ((event: MessageEvent<Told>) => void) | null;
  onerror: ((event: ErrorEvent) => void) | null;
  postMessage(asked: Asked, transfer: Transferable[]): void;
  terminate(): void;
}

/**
 * Bytes that the Worker was sent and has not read: the page's thread may be busy for a picture or two. More would only be
 * older when they are shown. What is not sent waits where it came from, where losses are counted.
 */
const mostOnTheWay = 4 << 20;

/** A Worker whose picture has failed may fail again: the next one is asked for so much later. */
const restAfterFailureMs = 1000;

/** A source that always has more leaves the page its turns. */
const longestTurnMs = 8;

/** The page's end of a view's Worker: what shows there, and what the user asks for. */
export class RendererLink {
  /** What a recording tells of itself; undefined for a live source. */
  readonly recording: RecordingDescription | undefined;
  readonly #port: RendererPort;
  #listener: RendererListener | undefined;
  #drawn: Drawn | undefined;
  #isDrawing = false;
  #restUntilMs = 0;
  #isPaused = false;
  #speed = 1;
  #style: PictureStyle = defaultStyle;
  #range: Promise<TimeRange | undefined> | undefined;
  #onRange: { resolve(range: TimeRange | undefined): void; reject(error: Error): void } | undefined;
  #onTheWay = 0;
  #wake: () => void = () => {};
  #isClosed = false;
  /** Why the page's bytes have ended. */
  #sendingError: unknown;

  private constructor(port: RendererPort, recording: RecordingDescription | undefined) {
    this.#port = port;
    this.recording = recording;
    port.onmessage = ({ data }) => this.#hear(data);
    port.onerror = (event) => this.#fail(errorOfEvent(event));
  }

  /**
   * Starts a Worker, and opens a source in it.
   *
   * @throws What opening a recording throws, and where the Worker does not start.
   */
  static async open(input: Input, port: RendererPort = startWorker()): Promise<RendererLink> {
    try {
      const recording = await new Promise<RecordingDescription | undefined>((resolve, reject) => {
        port.onmessage = ({ data: told }) => {
          if (told.kind === "opened") resolve(told.recording);
          if (told.kind === "failed") reject(errorOf(told.error));
        };
        port.onerror = (event) => reject(errorOfEvent(event));
        port.postMessage({ kind: "open", input }, []);
      });
      return new RendererLink(port, recording);
    } catch (error) {
      port.terminate();
      throw error;
    }
  }

  /** Lets the Worker draw into a canvas, and read. */
  show(canvas: OffscreenCanvas, listener: RendererListener): void {
    this.#listener = listener;
    this.#ask({ kind: "show", canvas }, [canvas]);
  }

  /** Sends the bytes of a live source as they come, until it ends or the link is closed; never rejects. */
  async send(items: AsyncIterable<RawItem>): Promise<void> {
    try {
      let turnAtMs = performance.now();
      for await (const item of items) {
        if (this.#isClosed) return;
        this.#onTheWay += weightOf(item);
        const { status, packet } = item;
        this.#ask({ kind: "bytes", status, packet }, [packet.buffer]);
        while (this.#onTheWay > mostOnTheWay && !this.#isClosed) {
          await new Promise<void>((resolve) => this.#wake = resolve);
          turnAtMs = performance.now();
        }
        if (performance.now() - turnAtMs < longestTurnMs) continue;
        await turn();
        turnAtMs = performance.now();
      }
    } catch (error) {
      this.#sendingError = error;
    }
    this.#ask({ kind: "end" });
  }

  /**
   * Asks for a picture, unless one is being drawn, or the Worker rests from drawing for as long as the last one took: at
   * least half of its time is left for reading events.
   */
  draw(): void {
    if (this.#isDrawing || performance.now() < this.#restUntilMs) return;
    this.#isDrawing = true;
    this.#ask({ kind: "draw" });
  }

  /** Time of the sensor that the picture shows, in µs. */
  get time(): number | undefined {
    return this.#drawn?.time;
  }

  /** Whether a recording has been shown to its end. */
  get isAtEnd(): boolean {
    return this.#drawn?.isAtEnd === true;
  }

  /** Whether the playhead stands. */
  get isPaused(): boolean {
    return this.#isPaused;
  }

  /** 1 is as it happened; 0.1 ten times as slow. */
  get speed(): number {
    return this.#speed;
  }

  /** Stops the playhead, or lets it go on; a recording at its end begins again. */
  setPaused(isPaused: boolean): void {
    this.#isPaused = isPaused;
    this.#ask({ kind: "pause", isPaused });
  }

  /** Sets the speed: 1 is as it happened. */
  setSpeed(speed: number): void {
    this.#speed = speed;
    this.#ask({ kind: "speed", speed });
  }

  /** Pauses, and goes on by some µs. */
  step(us: number): void {
    this.#isPaused = true;
    this.#ask({ kind: "step", us });
  }

  /** Goes to a time of a recording, in µs. */
  seek(time: number): void {
    this.#ask({ kind: "seek", time });
  }

  /** Times of a recording's first and last event in µs; undefined where there are none. */
  range(): Promise<TimeRange | undefined> {
    return this.#range ??= new Promise((resolve, reject) => {
      this.#onRange = { resolve, reject };
      this.#ask({ kind: "measure-range" });
    });
  }

  /** The style in force. */
  get style(): PictureStyle {
    return this.#style;
  }

  /** Changes the style, in force from the next bytes on. Where that fails, the listener hears of it. */
  setStyle(style: PictureStyle): void {
    this.#style = style;
    this.#ask({ kind: "style", style });
  }

  /** Forgets all events of the picture. */
  clear(): void {
    this.#ask({ kind: "clear" });
  }

  /** Begins the search for hot pixels, of which the listener hears. */
  searchHotPixels(): void {
    this.#ask({ kind: "search-hot-pixels" });
  }

  /** Ends the Worker. The source is closed by its owner. Safe to call twice. */
  close(): void {
    this.#isClosed = true;
    this.#port.terminate();
    this.#wake();
  }

  /** The Worker's script has failed at what it was asked for, perhaps a picture. */
  #fail(error: Error): void {
    if (this.#isClosed) return;
    this.#isDrawing = false;
    this.#restUntilMs = performance.now() + restAfterFailureMs;
    this.#listener?.ended(error);
  }

  #ask(asked: Asked, transfer: Transferable[] = []): void {
    if (!this.#isClosed) this.#port.postMessage(asked, transfer);
  }

  #hear(told: Told): void {
    if (this.#isClosed) return;
    switch (told.kind) {
      case "taken":
        this.#onTheWay -= told.bytes;
        return this.#wake();
      case "drawn":
        this.#isDrawing = false;
        this.#restUntilMs = performance.now() + told.tookMs;
        this.#drawn = told;
        return this.#listener?.drawn(told);
      case "range":
        return this.#onRange?.resolve(told.range);
      case "no-range":
        return this.#onRange?.reject(errorOf(told.error));
      case "style-refused":
        this.#style = told.style;
        return this.#listener?.styleRefused(errorOf(told.error));
      case "hot-pixels":
        return this.#listener?.hotPixels(told.pixels);
      case "ended":
        return this.#listener?.ended(told.error === undefined ? this.#sendingError : errorOf(told.error));
    }
  }
}

function startWorker(): RendererPort {
  return new Worker(new URL("./renderer_worker.ts", import.meta.url), { type: "module" });
}

/** An error of the Worker's script, or that the script did not load. */
function errorOfEvent({ message }: ErrorEvent): Error {
  return new Error(message === undefined ? "the page's Worker did not start" : `the page's Worker failed: ${message}`);
}
