/** A client of Chromium's DevTools protocol: commands with replies, and events. */

/** Parameters and results are JSON; the protocol's documentation has their fields. */
// deno-lint-ignore no-explicit-any -- each command has its own
export type ProtocolFields = Record<string, any>;

/** An event of the browser or of one page, which has a session. */
export interface ProtocolEvent {
  readonly method: string;
  readonly params: ProtocolFields;
  readonly sessionId?: string;
}

interface Waiting {
  resolve(result: ProtocolFields): void;
  reject(error: Error): void;
}

/** A connection with a browser. */
export class DevTools {
  readonly #socket: WebSocket;
  readonly #waiting = new Map<number, Waiting>();
  readonly #listeners = new Set<(event: ProtocolEvent) => void>();
  #lastId = 0;

  private constructor(socket: WebSocket) {
    this.#socket = socket;
    socket.onmessage = ({ data }) => this.#take(JSON.parse(data));
    socket.onclose = () => this.#end();
  }

  /** Connects with the address that the browser prints. */
  static async connect(url: string): Promise<DevTools> {
    const socket = new WebSocket(url);
    await new Promise<void>((resolve, reject) => {
      socket.onopen = () => resolve();
      socket.onerror = () => reject(new Error(`no connection with ${url}`));
    });
    return new DevTools(socket);
  }

  /** Sends a command and resolves with its result; `sessionId` for one of a page. */
  send(method: string, params: ProtocolFields = {}, sessionId?: string): Promise<ProtocolFields> {
    if (this.#socket.readyState !== WebSocket.OPEN) {
      return Promise.reject(new Error(`${method}: the browser has ended`));
    }
    const id = ++this.#lastId;
    this.#socket.send(JSON.stringify({ id, method, params, ...(sessionId === undefined ? {} : { sessionId }) }));
    return new Promise((resolve, reject) => {
      this.#waiting.set(id, { resolve, reject: ({ message }) => reject(new Error(`${method}: ${message}`)) });
    });
  }

  /** Calls `listener` for each event from now on. Returns what ends that. */
  listen(listener: (event: ProtocolEvent) => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  #take({ id, result, error, ...event }: ProtocolFields): void {
    if (id === undefined) {
      for (const listener of this.#listeners) listener(event as ProtocolEvent);
      return;
    }
    const waiting = this.#waiting.get(id);
    this.#waiting.delete(id);
    if (error === undefined) waiting?.resolve(result);
    else waiting?.reject(new Error(error.message));
  }

  #end(): void {
    for (const { reject } of this.#waiting.values()) reject(new Error("the browser has ended"));
    this.#waiting.clear();
  }
}
