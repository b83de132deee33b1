/**
 * What a camera's protocol yields.
 *
 * A protocol is a generator: it yields what shall happen on the bus, gets the reply back, and returns its result. It
 * does no I/O itself, so it is written once for libusb, WebUSB and tests; `run.ts` has what carries it out.
 */

/** A control request from the device to the host. */
export interface ControlInRequest {
  /** bmRequestType, bit 7 set. */
  readonly requestType: number;
  readonly request: number;
  readonly value: number;
  readonly index: number;
  /** The most bytes that the reply may have. */
  readonly length: number;
  readonly timeoutMs: number;
}

/** A control request from the host to the device. */
export interface ControlOutRequest {
  /** bmRequestType, bit 7 clear. */
  readonly requestType: number;
  readonly request: number;
  readonly value: number;
  readonly index: number;
  /** The data stage; empty where there is none. */
  readonly bytes: Uint8Array;
  readonly timeoutMs: number;
}

/** A request of a {@link Dialogue}. */
export interface Request {
  /** What errors call it. */
  readonly operation: string;
  readonly bytes: Uint8Array;
  /** Takes the reply; throws where it is none to this request. */
  readonly heed: (reply: Uint8Array) => void;
}

/**
 * Requests on one endpoint, each of which the device answers by one transfer on another, in their order. No request
 * depends on a reply before it, so a bus that queues transfers may send some of them ahead of the replies.
 */
export interface Dialogue {
  readonly outEndpoint: number;
  readonly inEndpoint: number;
  readonly requests: readonly Request[];
  /** The most bytes that a reply may have. */
  readonly replyLength: number;
  /** Of each transfer. */
  readonly timeoutMs: number;
}

/** A transfer: what a bus can do. */
export type Transfer =
  /** The reply has the bytes received, which may be fewer than asked for. */
  | { readonly kind: "control-in" } & ControlInRequest
  | { readonly kind: "control-out" } & ControlOutRequest
  /** Sends all bytes. */
  | { readonly kind: "bulk-out"; readonly endpoint: number; readonly bytes: Uint8Array; readonly timeoutMs: number }
  /** Receives at most `length` bytes; no reply where nothing came within the time. */
  | { readonly kind: "bulk-in"; readonly endpoint: number; readonly length: number; readonly timeoutMs: number }
  /** Clears the halt of a bulk endpoint and resets its data toggle. How long that may take is the system's choice. */
  | { readonly kind: "clear-halt"; readonly endpoint: number }
  /** Selects an alternate setting of a claimed interface. How long that may take is the system's choice. */
  | { readonly kind: "alternate-setting"; readonly interfaceNumber: number; readonly setting: number };

/** One step of a protocol. */
export type Exchange =
  | Transfer
  /** Has no reply: each request heeds its own. Ends with the first one that fails. */
  | { readonly kind: "dialogue" } & Dialogue
  /** Lets the device settle for at least this long. */
  | { readonly kind: "wait"; readonly us: number }
  /**
   * Reads an endpoint until nothing comes for `timeoutMs`. The reply is the last chunk where the device still sends
   * after `withinMs`, and none where the endpoint is empty.
   */
  | { readonly kind: "drain"; readonly endpoint: number; readonly timeoutMs: number; readonly withinMs: number }
  /**
   * All that follows shall be over within the time: timeouts are cut to what is left of it, and after its end transfers
   * fail without being tried.
   */
  | { readonly kind: "limit"; readonly withinMs: number }
  /**
   * The transfers that follow shall begin within the time: later ones fail without being tried, until the next exchange
   * of this kind. `Infinity` lifts that.
   */
  | { readonly kind: "begin"; readonly withinMs: number };

/**
 * A protocol: yields exchanges, gets each one's reply (undefined where nothing came), and returns its result.
 *
 * An exchange that fails throws its `NeuromorphicError` where it was yielded, so a protocol may catch it. An abort
 * returns from there instead: only `finally` blocks run, whose exchanges are still carried out. `undoing` in
 * `failures.ts` puts both together.
 */
export type Protocol<Result = void> = Generator<Exchange, Result, Uint8Array | undefined>;
