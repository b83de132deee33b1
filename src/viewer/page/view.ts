/// <reference lib="dom" />
import type { Rect } from "../../types.ts";
import { Capture } from "./capture.ts";
import { button, element } from "./dom.ts";
import { FigureStrip } from "./figure_strip.ts";
import { figuresOf, type Measured, spokenFigures } from "./figures.ts";
import type { Command } from "./keys.ts";
import { BiasPanel } from "./panels/bias_panel.ts";
import { FeaturePanel } from "./panels/feature_panel.ts";
import { PicturePanel } from "./panels/picture_panel.ts";
import { PixelPanel } from "./panels/pixel_panel.ts";
import { SensorPanel } from "./panels/sensor_panel.ts";
import { RatePlot } from "./rate_plot.ts";
import type { Pixel } from "./renderer/hot_pixel_search.ts";
import type { Drawn } from "./renderer/messages.ts";
import { RendererLink, type RendererListener } from "./renderer/renderer_link.ts";
import type { SourceKind, ViewerSource } from "./source.ts";
import { Stage } from "./stage.ts";
import { Transport } from "./transport.ts";

/** What a view tells the page. */
export interface ViewListener {
  told(view: View, message: string): void;
  failed(view: View, error: unknown): void;
  /** The source has come to its end by itself: undefined for a recording's end, or what ended it. */
  ended(view: View, error: unknown): void;
  closed(view: View): void;
}

const kindLabels: Readonly<Record<SourceKind, string>> = {
  camera: "camera",
  virtual: "virtual camera",
  recording: "recording",
  remote: "camera of this computer",
};

/** One source on the screen: its picture, its figures, and the panel that controls it. A Worker makes the picture. */
export class View implements RendererListener {
  readonly root: HTMLElement;
  readonly panel = element("div", { className: "panel" });
  readonly source: ViewerSource;
  readonly #listener: ViewListener;
  readonly #renderer: RendererLink;
  readonly #plot: RatePlot;
  readonly #strip = new FigureStrip();
  readonly #transport: Transport;
  readonly #capture: Capture;
  readonly #picturePanel: PicturePanel;
  readonly #pixelPanel: PixelPanel | undefined;
  #sensors: { readonly panel: SensorPanel; readonly section: HTMLDetailsElement } | undefined;
  #measured: Measured | undefined;
  #isClosed = false;

  private constructor(
    source: ViewerSource,
    listener: ViewListener,
    { stage, renderer, controlPixels }: {
      readonly stage: Stage;
      readonly renderer: RendererLink;
      readonly controlPixels: (view: View) => PixelPanel | undefined;
    },
  ) {
    this.source = source;
    this.#listener = listener;
    this.#renderer = renderer;
    this.#plot = new RatePlot(element("canvas", {
      className: "plot",
      attributes: { role: "img", "aria-label": "Events per second over the last 12 seconds" },
    }));
    this.#transport = new Transport(renderer, source.timeLine);
    this.#capture = new Capture(source, stage.canvas, {
      told: (message) => listener.told(this, message),
      failed: (error) => listener.failed(this, error),
    });
    this.#picturePanel = new PicturePanel(renderer);
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
    renderer.show(stage.handOver(), this);
    if (source.live !== undefined) void renderer.send(source.live.items);
  }

  /** Shows a source, which the view closes in the end; also where it cannot be shown. */
  static async open(source: ViewerSource, listener: ViewListener): Promise<View> {
    const { properties, controls, live } = source;
    const canSetRegion = controls !== undefined && hasRegion(controls.configuration());
    let pixels: PixelPanel | undefined;
    let opened = source.renderer;
    try {
      const renderer = opened ??= await RendererLink.open({ kind: "live", decoderOptions: live!.decoderOptions });
      const onRegion = canSetRegion ? (region: Rect) => void pixels?.setRegion(region) : undefined;
      const stage = new Stage(source.name, properties, onRegion);
      const controlPixels = (view: View) => {
        if (!canSetRegion) return undefined;
        const told = (message: string) => listener.told(view, message);
        const failed = (error: unknown) => listener.failed(view, error);
        return pixels = new PixelPanel(controls, {
          stage,
          geometry: properties,
          search: () => renderer.searchHotPixels(),
          listener: { told, failed },
        });
      };
      return new View(source, listener, { stage, renderer, controlPixels });
    } catch (error) {
      opened?.close();
      await source.close();
      throw error;
    }
  }

  /** Asks for a picture; `isSelected` where the panel is shown. */
  tick(nowMs: number, isSelected: boolean): void {
    if (this.#isClosed) return;
    this.#renderer.draw();
    this.#transport.update();
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
      "reset-picture": () => this.#renderer.clear(),
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
    this.#renderer.close();
    this.root.remove();
    this.panel.remove();
    this.#listener.closed(this);
    await this.#capture.close();
    try {
      await this.source.close();
    } catch (error) {
      this.#listener.failed(this, error);
    }
  }

  drawn({ rates, time, behindUs, measured }: Drawn): void {
    this.#plot.draw(rates);
    if (measured === undefined) return;
    const isLive = this.source.live !== undefined;
    this.#measured = { ...measured, time, behindUs, isLive };
    this.#strip.show(figuresOf(this.#measured));
    this.#capture.update();
  }

  styleRefused(error: unknown): void {
    this.#picturePanel.show();
    this.#listener.failed(this, error);
  }

  hotPixels(pixels: readonly Pixel[]): void {
    this.#pixelPanel?.found(pixels);
  }

  ended(error: unknown): void {
    this.#listener.ended(this, error);
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
