/// <reference lib="dom" />
import { button, element } from "./dom.ts";
import { clock } from "./figures.ts";
import type { TimeRange } from "./renderer/played_source.ts";
import type { RendererLink } from "./renderer/renderer_link.ts";
import type { TimeLine } from "./source.ts";
import { firstSpeed, nextSpeed, speedLabel, speeds, stepUs } from "./speeds.ts";

/** How far an arrow key goes in a recording: a twentieth of it. */
const jumpShare = 1 / 20;

/** Pause, step, speed, and of a recording its time line. */
export class Transport {
  readonly root: HTMLElement;
  readonly #player: RendererLink;
  readonly #isLive: boolean;
  readonly #pause: HTMLButtonElement;
  readonly #speed: HTMLSelectElement;
  readonly #slider = element("input", { type: "range", min: "0", max: "1000", value: "0", disabled: true });
  readonly #clock = element("output", { className: "clock" });
  readonly #loop = element("input", { type: "checkbox" });
  #range: TimeRange | undefined;
  #isDragging = false;

  constructor(player: RendererLink, timeLine: TimeLine | undefined) {
    this.#player = player;
    this.#isLive = timeLine === undefined;
    this.#pause = button("", () => this.togglePause(), { className: "icon", attributes: { "data-icon": "pause" } });
    const step = button("", () => this.step(), {
      className: "icon",
      title: "One step on (.)",
      ariaLabel: "One step on",
      attributes: { "data-icon": "step" },
    });
    const allowed = speeds.filter((speed) => speed <= 1 || !this.#isLive);
    this.#speed = element(
      "select",
      { ariaLabel: "Speed", title: "Speed (− and +)" },
      ...allowed.map((speed) => element("option", { value: String(speed) }, speedLabel(speed))),
    );
    this.#speed.value = "1";
    this.#speed.onchange = () => this.#setSpeed(Number(this.#speed.value));
    this.root = element("div", { className: "transport" }, this.#pause, step, this.#speed);
    if (timeLine !== undefined) this.#addTimeLine(timeLine);
    this.update();
  }

  /** Pauses, or goes on. */
  togglePause(): void {
    this.#player.setPaused(!this.#player.isPaused && !this.#player.isAtEnd);
    this.update();
  }

  /** Pauses, and goes one step on. */
  step(): void {
    this.#player.step(stepUs(this.#player.speed));
    this.update();
  }

  /** Slower or faster by one place of the menu. */
  changeSpeed(direction: 1 | -1): void {
    this.#setSpeed(nextSpeed(this.#player.speed, direction, this.#isLive));
  }

  /** Back or forward in a recording. */
  jump(direction: 1 | -1): void {
    const range = this.#range;
    if (range === undefined) return;
    const time = (this.#player.time ?? range.first) + direction * jumpShare * (range.last - range.first);
    this.#player.seek(Math.min(range.last, Math.max(range.first, time)));
  }

  /** Shows the player's state. */
  update(): void {
    if (this.#loop.checked && this.#player.isAtEnd && !this.#player.isPaused) this.#player.setPaused(false);
    const stands = this.#player.isPaused || this.#player.isAtEnd;
    const text = stands ? "Go on" : "Pause";
    if (this.#pause.ariaLabel !== text) {
      this.#pause.ariaLabel = text;
      this.#pause.title = `${text} (Space)`;
      this.#pause.dataset.icon = stands ? "play" : "pause";
    }
    const range = this.#range;
    const time = this.#player.time;
    if (range === undefined || time === undefined || this.#isDragging) return;
    this.#slider.value = String(1000 * (time - range.first) / Math.max(1, range.last - range.first));
    this.#showClock(time);
  }

  #setSpeed(speed: number): void {
    this.#player.setSpeed(speed);
    this.#speed.value = String(speed);
  }

  #addTimeLine(timeLine: TimeLine): void {
    this.#slider.className = "time-line";
    this.#slider.ariaLabel = "Time";
    this.#slider.oninput = () => {
      this.#isDragging = true;
      this.#showClock(this.#timeOfSlider());
    };
    this.#slider.onchange = () => {
      this.#isDragging = false;
      this.#player.seek(this.#timeOfSlider());
    };
    this.#slider.onkeydown = (event) => this.#goToAnEnd(event);
    this.root.append(
      this.#slider,
      this.#clock,
      element("label", { className: "check", title: "Begin again at the end" }, this.#loop, "Loop"),
    );
    void timeLine.range().then((range) => {
      this.#range = range;
      this.#slider.disabled = range === undefined;
      if (range !== undefined) this.#startShortOne(range.last - range.first);
    }).catch(() => this.#clock.textContent = "no time line");
  }

  /** Home and End also work where the slider is at that end already: it has steps, of which one may last 60 ms. */
  #goToAnEnd(event: KeyboardEvent): void {
    if (this.#range === undefined || (event.key !== "Home" && event.key !== "End")) return;
    event.preventDefault();
    this.#player.seek(event.key === "Home" ? this.#range.first : this.#range.last);
  }

  /** A recording of some milliseconds would be over before it is seen: it is shown slowly, and again and again. */
  #startShortOne(durationUs: number): void {
    const speed = firstSpeed(durationUs);
    if (speed === 1 || this.#player.speed !== 1) return;
    this.#setSpeed(speed);
    this.#loop.checked = true;
  }

  #timeOfSlider(): number {
    const { first, last } = this.#range!;
    return first + (last - first) * Number(this.#slider.value) / 1000;
  }

  #showClock(time: number): void {
    const { first, last } = this.#range!;
    this.#clock.textContent = clock(time - first, last - first);
    this.#slider.setAttribute("aria-valuetext", this.#clock.textContent);
  }
}
