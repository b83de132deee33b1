import { type ErrorWords, type PageEnvironment, withoutWebUsb } from "./error_words.ts";
import type { ViewerSource } from "./source.ts";

/** A source that is on the screen. */
export interface Shown {
  readonly isClosed: boolean;
  close(): Promise<void>;
}

/** What cameras need of the page. */
export interface Screen {
  /** Shows what is being opened, or why that fails; `what` is said meanwhile. */
  show(opening: Promise<ViewerSource>, what: string): Promise<Shown | undefined>;
  message(words: ErrorWords, kind: "error" | "note"): void;
  fail(error: unknown): void;
}

/** How cameras are found and opened; `Handle` is a `USBDevice` in a browser. */
export interface CameraAccess<Handle> {
  /** Whether the browser has WebUSB. */
  readonly hasUsb: boolean;
  /** Asks the user, in the handler of a click; undefined where none was chosen. */
  request(): Promise<Handle | undefined>;
  /** Those that the user has allowed before and that are plugged in. */
  granted(): Promise<readonly Handle[]>;
  /** Calls for each camera that is plugged in from now on. */
  watch(onConnect: (handle: Handle) => void): void;
  open(handle: Handle): Promise<ViewerSource>;
  openVirtual(): Promise<ViewerSource>;
}

const notice = {
  title: "No camera is plugged in, so this is the virtual one",
  advice: ["Its events are made in this page. Connect a camera, or drop a recording here."],
} as const;

/** Opens cameras: those that are allowed at once, others by a click, and the virtual one where there is none. */
export class Cameras<Handle extends object> {
  readonly #screen: Screen;
  readonly #access: CameraAccess<Handle>;
  readonly #shown = new Map<Handle, Shown>();
  /** Cameras that are being opened now. */
  readonly #opening = new Set<Handle>();
  /** The virtual camera that stands in for a real one. */
  #standIn: Shown | undefined;

  constructor(screen: Screen, access: CameraAccess<Handle>) {
    this.#screen = screen;
    this.#access = access;
  }

  /** Opens what the user has allowed before; where that is nothing, the virtual camera. */
  async start(environment: PageEnvironment): Promise<void> {
    if (!this.#access.hasUsb) {
      this.#screen.message(withoutWebUsb(environment), "error");
      return await this.#openStandIn();
    }
    this.#access.watch((handle) => void this.#open(handle));
    try {
      for (const handle of await this.#access.granted()) await this.#open(handle);
    } catch (error) {
      this.#screen.fail(error);
    }
    if (this.#shown.size > 0) return;
    this.#screen.message(notice, "note");
    await this.#openStandIn();
  }

  /** Asks the user for a camera and opens it. */
  async connect(environment: PageEnvironment): Promise<void> {
    if (!this.#access.hasUsb) return this.#screen.message(withoutWebUsb(environment), "error");
    try {
      const handle = await this.#access.request();
      if (handle !== undefined) await this.#open(handle);
    } catch (error) {
      this.#screen.fail(error);
    }
  }

  /** Opens one more virtual camera. */
  async openVirtual(): Promise<void> {
    await this.#screen.show(this.#access.openVirtual(), "Starting the virtual camera…");
  }

  async #openStandIn(): Promise<void> {
    this.#standIn = await this.#screen.show(this.#access.openVirtual(), "Starting the virtual camera…");
  }

  async #open(handle: Handle): Promise<void> {
    if (this.#opening.has(handle) || this.#shown.get(handle)?.isClosed === false) return;
    this.#opening.add(handle);
    try {
      const shown = await this.#screen.show(this.#access.open(handle), "Opening the camera…");
      if (shown === undefined) return;
      this.#shown.set(handle, shown);
      await this.#standIn?.close();
      this.#standIn = undefined;
    } finally {
      this.#opening.delete(handle);
    }
  }
}
