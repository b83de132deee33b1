import type { Decoder } from "../../../decoder/decoder.ts";
import type { Packet } from "../../../packets/packet.ts";
import type { Status } from "../../../packets/status.ts";
import type { Geometry } from "../../../types.ts";
import { wireErrorOf } from "../../wire_errors.ts";
import { defaultStyle, type PictureStyle } from "../styles.ts";
import { HotPixelSearch } from "./hot_pixel_search.ts";
import type { Command, Input, RecordingDescription, Told } from "./messages.ts";
import { Meter } from "./meter.ts";
import { openLive, openRecorded } from "./open_input.ts";
import { Picture, type ShowPixels } from "./picture.ts";
import type { PlayedSource, TimeRange } from "./played_source.ts";
import { Player, type PlayerListener } from "./player.ts";
import { RateHistory } from "./rate_history.ts";
import type { SentBytes } from "./sent_bytes.ts";

/** Figures that change four times a second can be read. */
const figuresEveryMs = 250;

/** The plot shows 12 s in spans of 50 ms. */
const [plotBinUs, plotBins] = [50_000, 240];

/** Bytes that are counted as one: at 10 MB/s they last a quarter of a span of the plot. */
const countedBytes = 1 << 17;

/** Events of a longer time than this came at its end: the time before is missing. */
const longestCountedUs = 1_000_000;

type Tell = (told: Told) => void;

/** What a renderer is made of. */
interface RendererParts {
  readonly source: PlayedSource;
  /** Of a live source: where the bytes that the page sends go. */
  readonly sent?: SentBytes | undefined;
  readonly geometry: Geometry;
  readonly picture: Picture;
  readonly tell: Tell;
}

/** One source, away from the page: when its events are shown, their picture, and what is counted of them. */
export class Renderer implements PlayerListener {
  readonly #source: PlayedSource;
  readonly #sent: SentBytes | undefined;
  readonly #geometry: Geometry;
  readonly #picture: Picture;
  readonly #tell: Tell;
  readonly #player: Player;
  readonly #meter = new Meter();
  readonly #history = new RateHistory(plotBinUs, plotBins);
  #search: HotPixelSearch | undefined;
  #figuresAtMs = -Infinity;

  constructor({ source, sent, geometry, picture, tell }: RendererParts) {
    this.#source = source;
    this.#sent = sent;
    this.#geometry = geometry;
    this.#picture = picture;
    this.#tell = tell;
    this.#player = new Player(source, this);
  }

  /** Begins to read. */
  run(): void {
    void this.#player.run();
  }

  /** Does what the page asks for. */
  take(command: Command): void {
    switch (command.kind) {
      case "bytes":
        return this.#sent?.push(command);
      case "end":
        return this.#sent?.end();
      case "draw":
        return this.#draw(performance.now());
      case "pause":
        return this.#player.setPaused(command.isPaused);
      case "speed":
        return this.#player.setSpeed(command.speed);
      case "step":
        return this.#player.step(command.us);
      case "seek":
        return this.#player.seek(command.time);
      case "style":
        return this.#setStyle(command.style);
      case "clear":
        return this.#picture.clear();
      case "search-hot-pixels":
        this.#search ??= new HotPixelSearch(this.#geometry);
        return;
      case "measure-range":
        return void this.#measureRange();
    }
  }

  received(status: Status): void {
    this.#meter.received(status);
    const { gaps, timeDiscontinuities, currentTime } = status;
    const isMissing = gaps.length > 0 || timeDiscontinuities > 0;
    if (isMissing && currentTime !== undefined) this.#history.markLoss(currentTime);
  }

  show(packet: Packet): void {
    const { events, onEvents, outside } = this.#picture.add(packet);
    this.#meter.shown({ events, onEvents, outside, triggers: packet.triggerEvents?.t.length ?? 0 });
    this.#history.add(packet, outside === 0 ? onEvents : undefined);
    this.#searchIn(packet);
  }

  showBytes(bytes: Uint8Array, decoder: Decoder): void {
    if (this.#search !== undefined) { // which looks at each event
      for (const packet of decoder.decode(bytes)) this.show(packet);
      return;
    }
    for (let at = 0; at < bytes.length; at += countedBytes) {
      const before = decoder.currentTime;
      const part = bytes.subarray(at, at + countedBytes);
      const { events, onEvents, outside, triggerEvents } = this.#picture.addBytes(part, decoder);
      this.#meter.shown({ events, onEvents, outside, triggers: triggerEvents?.t.length ?? 0 });
      const end = decoder.currentTime;
      if (end === undefined) continue;
      const start = before === undefined || end - before > longestCountedUs ? end : before;
      this.#history.addEvenly({ start, end, on: onEvents, off: events - onEvents });
      if (triggerEvents !== undefined) this.#history.add({ triggerEvents });
    }
  }

  restarted(): void {
    this.#picture.reset();
    this.#history.reset();
  }

  ended(error: unknown): void {
    this.#tell({ kind: "ended", error: error === undefined ? undefined : wireErrorOf(error) });
  }

  #draw(nowMs: number): void {
    const player = this.#player;
    player.tick(nowMs);
    const { time, behindUs, isAtEnd } = player;
    this.#picture.draw(time);
    this.#meter.drawn();
    if (time !== undefined) this.#history.advance(time);
    const measured = this.#measure(nowMs);
    const tookMs = performance.now() - nowMs;
    this.#tell({ kind: "drawn", tookMs, time, behindUs, isAtEnd, rates: this.#history.window(), measured });
  }

  #measure(nowMs: number) {
    if (nowMs - this.#figuresAtMs < figuresEveryMs) return undefined;
    this.#figuresAtMs = nowMs;
    const reading = this.#meter.sample(nowMs);
    return reading === undefined ? undefined : { reading, totals: this.#meter.totals };
  }

  #setStyle(style: PictureStyle): void {
    try {
      this.#picture.setStyle(style);
    } catch (error) {
      this.#tell({ kind: "style-refused", style: this.#picture.style, error: wireErrorOf(error) });
    }
  }

  #searchIn(packet: Packet): void {
    if (this.#search?.add(packet) !== true) return;
    const pixels = this.#search.found();
    this.#search = undefined;
    this.#tell({ kind: "hot-pixels", pixels });
  }

  async #measureRange(): Promise<void> {
    try {
      const range: TimeRange | undefined = await this.#source.timeLine?.range();
      this.#tell({ kind: "range", range });
    } catch (error) {
      this.#tell({ kind: "no-range", error: wireErrorOf(error) });
    }
  }
}

/** Opens a source, with a picture that `showPixels` gets whenever it is drawn. */
export async function openRenderer(
  input: Input,
  { tell, showPixels }: { readonly tell: Tell; readonly showPixels: ShowPixels },
): Promise<{ readonly renderer: Renderer; readonly recording: RecordingDescription | undefined }> {
  const begin = (geometry: Geometry) => Picture.begin(geometry, defaultStyle, showPixels);
  if (input.kind === "live") {
    const source = await openLive(input, (bytes) => tell({ kind: "taken", bytes }));
    const { items: sent, geometry } = source;
    return {
      renderer: new Renderer({ source, sent, geometry, picture: await begin(geometry), tell }),
      recording: undefined,
    };
  }
  const source = await openRecorded(input);
  const { properties: geometry } = source.description;
  return {
    renderer: new Renderer({ source, geometry, picture: await begin(geometry), tell }),
    recording: source.description,
  };
}
