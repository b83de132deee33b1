/// <reference lib="dom" />
/** What the page saves: a picture, a clip, a recording. */

import { scaled } from "../../cli/amounts.ts";
import { button, element, saveFile } from "./dom.ts";
import { fileNameFor } from "./file_names.ts";
import type { SourceRecorder, ViewerSource } from "./source.ts";

/** What capturing tells its view. */
export interface CaptureListener {
  told(message: string): void;
  failed(error: unknown): void;
}

/** A frame rate for clips that browsers encode in time. */
const clipFramesPerSecond = 60;

/** Pictures as PNG, clips as WebM, recordings as RAW with their receipts. */
export class Capture {
  readonly root: HTMLElement;
  readonly #source: ViewerSource;
  readonly #canvas: HTMLCanvasElement;
  readonly #listener: CaptureListener;
  readonly #clipButton: HTMLButtonElement;
  readonly #recordButton: HTMLButtonElement;
  #clip: MediaRecorder | undefined;
  /** A recorder that starts or runs. */
  #recorder: Promise<SourceRecorder> | undefined;
  #running: SourceRecorder | undefined;

  constructor(source: ViewerSource, canvas: HTMLCanvasElement, listener: CaptureListener) {
    this.#source = source;
    this.#canvas = canvas;
    this.#listener = listener;
    this.#clipButton = button("Clip", () => this.toggleClip(), { title: "Begin or end a clip, WebM (V)" });
    this.#recordButton = button("Record", () => void this.toggleRecording(), {
      title: "Begin or end a recording, RAW with receipt (R)",
      className: "record",
    });
    this.root = element(
      "div",
      { className: "capture" },
      button("Snapshot", () => this.snapshot(), { title: "Save the picture, PNG (P)" }),
      this.#clipButton,
      ...(source.record === undefined ? [] : [this.#recordButton]),
    );
  }

  /** Saves the picture that is shown. */
  snapshot(): void {
    this.#canvas.toBlob((content) => {
      if (content === null) return this.#listener.failed(new Error("the browser cannot write the picture as PNG"));
      this.#save("png", content);
    });
  }

  /** Begins a clip, or ends and saves it. */
  toggleClip(): void {
    if (this.#clip !== undefined) return this.#clip.stop();
    if (typeof MediaRecorder === "undefined") {
      return this.#listener.failed(new Error("this browser cannot encode clips; take a snapshot or a recording"));
    }
    const mimeType = ["video/webm;codecs=vp9", "video/webm;codecs=vp8", "video/webm", "video/mp4"]
      .find((type) => MediaRecorder.isTypeSupported(type));
    if (mimeType === undefined) {
      return this.#listener.failed(new Error("this browser cannot encode clips; take a snapshot or a recording"));
    }
    try {
      this.#startClip(mimeType);
    } catch (error) { // a Worker draws on the canvas: what browsers make of that is not specified
      this.#clip = undefined;
      this.#listener.failed(error);
    }
  }

  /** Begins a recording, or ends it and offers its files. */
  async toggleRecording(): Promise<void> {
    if (this.#source.record === undefined) return;
    try {
      if (this.#recorder !== undefined) return await this.#stopRecording();
      this.#recorder = this.#source.record();
      this.#running = await this.#recorder;
      this.update();
    } catch (error) {
      this.#recorder = this.#running = undefined;
      this.#recordButton.textContent = "Record";
      this.#recordButton.ariaPressed = "false";
      this.#listener.failed(error);
    }
  }

  /** Whether a clip or a recording runs. */
  get isRunning(): boolean {
    return this.#clip !== undefined || this.#recorder !== undefined;
  }

  /** Shows how much has been recorded. */
  update(): void {
    if (this.#running === undefined) return;
    const { bytes, droppedBytes } = this.#running.statistics;
    this.#recordButton.ariaPressed = "true";
    this.#recordButton.textContent = `Stop (${scaled(bytes, "B")}${
      droppedBytes > 0 ? `, ${scaled(droppedBytes, "B")} lost` : ""
    })`;
  }

  /** Ends what runs, so that nothing of it is lost. */
  async close(): Promise<void> {
    this.#clip?.stop();
    if (this.#recorder !== undefined) await this.toggleRecording();
  }

  #startClip(mimeType: string): void {
    const stream = this.#canvas.captureStream(clipFramesPerSecond);
    const clip = this.#clip = new MediaRecorder(stream, { mimeType, videoBitsPerSecond: 16_000_000 });
    const parts: Blob[] = [];
    clip.ondataavailable = ({ data }) => parts.push(data);
    clip.onerror = () =>
      this.#listener.failed(new Error("the browser's encoder failed; the clip has what came before"));
    clip.onstop = () => {
      for (const track of stream.getTracks()) track.stop();
      this.#clip = undefined;
      this.#clipButton.textContent = "Clip";
      this.#clipButton.ariaPressed = "false";
      const content = new Blob(parts, { type: mimeType });
      if (content.size === 0) {
        return this.#listener.failed(new Error("the browser's encoder gave no picture of the clip"));
      }
      this.#save(mimeType.startsWith("video/mp4") ? "mp4" : "webm", content);
    };
    clip.start(1000);
    this.#clipButton.textContent = "End clip";
    this.#clipButton.ariaPressed = "true";
  }

  async #stopRecording(): Promise<void> {
    const recorder = await this.#recorder!;
    this.#running = undefined;
    const { summary, files } = await recorder.stop();
    this.#recorder = undefined;
    this.#recordButton.textContent = "Record";
    this.#recordButton.ariaPressed = "false";
    for (const { name, content } of files) saveFile(name, content);
    this.#listener.told(summary);
  }

  #save(ending: string, content: Blob): void {
    const name = fileNameFor(this.#source.name, new Date(), ending);
    saveFile(name, content);
    this.#listener.told(`${name}: ${scaled(content.size, "B")}`);
  }
}
