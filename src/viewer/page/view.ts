/// <reference lib="dom" />
import type { Packet } from "../../packets/packet.ts";
import type { Status } from "../../packets/status.ts";
import type { Rect } from "../../types.ts";
import { Capture } from "./capture.ts";
import { button, element } from "./dom.ts";
import { FigureStrip } from "./figure_strip.ts";
import { figuresOf, type Measured, spokenFigures } from "./figures.ts";
import type { Command } from "./keys.ts";
import { Meter } from "./meter.ts";
import { BiasPanel } from "./panels/bias_panel.ts";
import { FeaturePanel } from "./panels/feature_panel.ts";
import { PicturePanel } from "./panels/picture_panel.ts";
import { PixelPanel } from "./panels/pixel_panel.ts";
import { SensorPanel } from "./panels/sensor_panel.ts";
import { Picture } from "./picture.ts";
import { Player, type PlayerListener } from "./player.ts";
import { RateHistory } from "./rate_history.ts";
import { RatePlot } from "./rate_plot.ts";
import type { SourceKind, ViewerSource } from "./source.ts";
import { Stage } from "./stage.ts";
import { defaultStyle } from "./styles.ts";
import { Transport } from "./transport.ts";

/** What a view tells the page. */
export interface ViewListener {
  told(view: View, message: string): void;
  failed(view: View, error: unknown): void;
  /** The source has come to its end by itself: undefined for a recording's end, or what ended it. */
  ended(view: View, error: unknown): void;
  closed(view: View): void;
}

/** Figures that change four times a second can be read. */
const figuresEveryMs = 250;

/** The plot shows 12 s in spans of 50 ms. */
const [plotBinUs, plotBins] = [50_000, 240];

const kindLabels: Readonly<Record<SourceKind, string>> = {
  camera: "camera",
  virtual: "virtual camera",
  recording: "recording",
  remote: "camera of this computer",
};

/** One source on the screen: its picture, its figures, and the panel that controls it. */
export class View implements PlayerListener {
  readonly root: HTMLElement;
  readonly panel = element("div", { className: "panel" });
  readonly source: ViewerSource;
  readonly #listener: ViewListener;
  readonly #picture: Picture;
  readonly #player: Player;
  readonly #meter = new Meter();
  readonly #history = new RateHistory(plotBinUs, plotBins);
  readonly #plot: RatePlot;
  readonly #strip = new FigureStrip();
  readonly #transport: Transport;
  readonly #capture: Capture;
  readonly #picturePanel: PicturePanel;
  readonly #pixelPanel: PixelPanel | undefined;
  #sensors: { readonly panel: SensorPanel; readonly section: HTMLDetailsElement } | undefined;
  #measured: Measured | undefined;
  #figuresAtMs = -Infinity;
  #isClosed = false;

  private constructor(
    source: ViewerSource,
    listener: ViewListener,
    { stage, picture, controlPixels }: {
      readonly stage: Stage;
      readonly picture: Picture;
      readonly controlPixels: (view: View) => PixelPanel | undefined;
    },
  ) {
    this.source = source;
    this.#listener = listener;
    this.#picture = picture;
    this.#player = new Player(source, this);
    this.#plot = new RatePlot(element("canvas", {
      className: "plot",
      attributes: { role: "img", "aria-label": "Events per second over the last 12 seconds" },
    }));
    this.#transport = new Transport(this.#player, source.timeLine);
    this.#capture = new Capture(source, stage.canvas, {
      told: (message) => listener.told(this, message),
      failed: (error) => listener.failed(this, error),
    });
    this.#picturePanel = new PicturePanel(picture, (error) => listener.failed(this, error));
    this.#pixelPanel = controlPixels(this);
    this.root = element(
      "section",
      { className: "view", tabIndex: -1, ariaLabel: source.name },
      this.#caption(),
      stage.box,
      element("div", { className: "bar" }, this.#transport.root, this.#capture.root),
      this.#strip.root,
      this.#plot.canvas,
    );
    this.#buildPanel();
    void this.#player.run();
  }

  /** Shows a source, which the view closes in the end; also where it cannot be shown. */
  static async open(source: ViewerSource, listener: ViewListener): Promise<View> {
    const { properties, controls } = source;
    const canSetRegion = controls !== undefined && hasRegion(controls.configuration());
    let pixels: PixelPanel | undefined;
    try {
      const onRegion = canSetRegion ? (region: Rect) => void pixels?.setRegion(region) : undefined;
      const stage = new Stage(source.name, properties, onRegion);
      const picture = await Picture.begin(properties, defaultStyle, (pixels) => stage.show(pixels));
      const controlPixels = (view: View) => {
        if (!canSetRegion) return undefined;
        const told = (message: string) => listener.told(view, message);
        const failed = (error: unknown) => listener.failed(view, error);
        return pixels = new PixelPanel(controls, { stage, geometry: properties, listener: { told, failed } });
      };
      return new View(source, listener, { stage, picture, controlPixels });
    } catch (error) {
      await source.close();
      throw error;
    }
  }

  /** Draws a picture; `isSelected` where the panel is shown. */
  tick(nowMs: number, isSelected: boolean): void {
    if (this.#isClosed) return;
    this.#player.tick(nowMs);
    const time = this.#player.time;
    this.#picture.draw(time);
    this.#meter.drawn();
    if (time !== undefined) this.#history.advance(time);
    this.#plot.draw(this.#history.window());
    this.#transport.update();
    if (nowMs - this.#figuresAtMs >= figuresEveryMs) this.#showFigures(nowMs);
    if (this.#sensors !== undefined) this.#sensors.panel.tick(nowMs, isSelected && this.#sensors.section.open);
  }

  /** Does what a key asks for. */
  run(command: Command): void {
    const commands: { readonly [Name in Command]?: () => void } = {
      "toggle-pause": () => this.#transport.togglePause(),
      step: () => this.#transport.step(),
      slower: () => this.#transport.changeSpeed(-1),
      faster: () => this.#transport.changeSpeed(1),
      back: () => this.#transport.jump(-1),
      forward: () => this.#transport.jump(1),
      "reset-picture": () => this.#picture.clear(),
      "next-style": () => this.#picturePanel.nextStyle(),
      "next-colors": () => this.#picturePanel.nextColors(),
      snapshot: () => this.#capture.snapshot(),
      clip: () => this.#capture.toggleClip(),
      record: () => void this.#capture.toggleRecording(),
      "hot-pixels": () => this.#pixelPanel?.findHotPixels(),
      "all-pixels": () => void this.#pixelPanel?.setRegion(undefined),
    };
    commands[command]?.();
  }

  /** The figures in a sentence; undefined before the first. */
  get spoken(): string | undefined {
    return this.#measured && spokenFigures(this.source.name, this.#measured);
  }

  /** Whether the page would lose a recording or a clip if it were closed now. */
  get isCapturing(): boolean {
    return this.#capture.isRunning;
  }

  /** Whether it has left the page. */
  get isClosed(): boolean {
    return this.#isClosed;
  }

  /** The colours of the page have changed. */
  forgetColors(): void {
    this.#plot.forgetColors();
  }

  /** Ends recordings, lets go of the source, and leaves the page. */
  async close(): Promise<void> {
    if (this.#isClosed) return;
    this.#isClosed = true;
    this.#player.close();
    this.root.remove();
    this.panel.remove();
    this.#listener.closed(this);
    await this.#capture.close();
    try {
      await this.source.close();
    } catch (error) {
      this.#listener.failed(this, error);
    }
    this.#picture.close();
  }

  received(status: Status): void {
    this.#meter.received(status);
    for (const _ of status.gaps) if (status.currentTime !== undefined) this.#history.markLoss(status.currentTime);
  }

  show(packet: Packet): void {
    if (this.#isClosed) return;
    const { events, onEvents, outside } = this.#picture.add(packet);
    this.#meter.shown({ events, onEvents, outside, triggers: packet.triggerEvents?.t.length ?? 0 });
    this.#history.add(packet, outside === 0 ? onEvents : undefined);
    this.#pixelPanel?.add(packet);
  }

  restarted(): void {
    if (this.#isClosed) return;
    this.#picture.reset();
    this.#history.reset();
  }

  ended(error: unknown): void {
    if (!this.#isClosed) this.#listener.ended(this, error);
  }

  #showFigures(nowMs: number): void {
    this.#figuresAtMs = nowMs;
    const reading = this.#meter.sample(nowMs);
    if (reading === undefined) return;
    const { time, behindUs } = this.#player;
    const isLive = this.source.timeLine === undefined;
    this.#measured = { reading, totals: this.#meter.totals, time, behindUs, isLive };
    this.#strip.show(figuresOf(this.#measured));
    this.#capture.update();
  }

  #caption(): HTMLElement {
    const { kind, name, details } = this.source;
    return element(
      "header",
      { className: "caption" },
      element("h2", {}, name),
      element("span", { className: `badge ${kind}` }, kindLabels[kind]),
      element("span", { className: "details" }, details.join(" · ")),
      button("×", () => void this.close(), { className: "icon close", ariaLabel: `Close ${name}`, title: "Close" }),
    );
  }

  #buildPanel(): void {
    const failed = (error: unknown) => this.#listener.failed(this, error);
    const { controls } = this.source;
    this.panel.append(section("Picture", this.#picturePanel.root, true));
    if (controls === undefined) return;
    this.panel.append(section("Biases", new BiasPanel(controls, failed).root, true));
    if (this.#pixelPanel !== undefined) this.panel.append(section("Pixels", this.#pixelPanel.root, true));
    this.panel.append(section("Filters and inputs", new FeaturePanel(controls, failed).root, false));
    const measure = controls.measure?.bind(controls);
    if (measure === undefined) return;
    const panel = new SensorPanel(measure);
    this.#sensors = { panel, section: section("Measurements", panel.root, false) };
    this.panel.append(this.#sensors.section);
  }
}

/** A part of the panel that opens and closes. */
function section(title: string, content: HTMLElement, open: boolean): HTMLDetailsElement {
  return element("details", { className: "section", open }, element("summary", {}, title), content);
}

/** Whether a camera's pixels can be chosen: all have masks or windows, but a remote one may not tell. */
function hasRegion(configuration: Readonly<Record<string, unknown>>): boolean {
  return "regionOfInterest" in configuration || "xMask" in configuration;
}
