import type { NeuromorphicError } from "../../../errors.ts";
import type { Packet } from "../../../packets/packet.ts";
import type { Geometry } from "../../../types.ts";
import { recordingError } from "../../errors.ts";
import type { FormatLimits, RecordingFormat } from "../../format.ts";

/** What a check knows of the recording that is written. */
export interface LimitCheckOptions {
  /** What errors call it. */
  readonly path: string;
  readonly geometry: Geometry;
  /** Which times the format holds, where it is more than that they do not decrease. */
  readonly times?: TimeRule;
}

/** Which times a format holds. */
export interface TimeRule {
  /** Index of the first time that it does not hold, after a time `before`; -1 where there is none. */
  readonly firstWrong: (t: Float64Array, before: number, largest: number) => number;
  /** What it holds, for errors. */
  readonly holds: string;
}

/**
 * Refuses what a format cannot hold, before anything of its packet is written. It counts events over all packets, so that an
 * error tells which event it was: `event 70000 has the time 4294967296, and dat holds …`.
 */
export class LimitCheck {
  readonly #name: string;
  readonly #limits: FormatLimits;
  readonly #path: string;
  readonly #times: TimeRule;
  readonly #largest: { readonly t: number; readonly x: number; readonly y: number };
  #events = 0;
  #triggers = 0;
  #eventTime = 0;
  #triggerTime = 0;

  constructor(
    { name, limits }: Pick<RecordingFormat, "name" | "limits">,
    { path, geometry, times }: LimitCheckOptions,
  ) {
    this.#name = name;
    this.#limits = limits;
    this.#path = path;
    this.#largest = {
      t: Math.min(limits.maximumTime, Number.MAX_SAFE_INTEGER),
      x: Math.min(limits.maximumX, geometry.width - 1),
      y: Math.min(limits.maximumY, geometry.height - 1),
    };
    this.#times = times ??
      { firstWrong: firstWrongTime, holds: `whole µs from 0 to ${this.#largest.t} that never decrease` };
    if (geometry.width > limits.maximumX + 1 || geometry.height > limits.maximumY + 1) {
      throw this.#refusal(
        `a sensor of ${geometry.width} x ${geometry.height}`,
        `sensors up to ${limits.maximumX + 1} x ${limits.maximumY + 1}`,
      );
    }
  }

  /** @throws {NeuromorphicError} "unsupported" with the index of the event and the limit. */
  check(packet: Packet): void {
    if (packet.imuEvents !== undefined && !this.#limits.imu) {
      throw this.#refusal("the packet has IMU samples", "none");
    }
    if (packet.frames !== undefined && !this.#limits.frames) throw this.#refusal("the packet has frames", "none");
    this.#checkTriggers(packet);
    this.#checkEvents(packet);
    // Both kinds were right, so both are written.
    this.#events += packet.polarityEvents?.t.length ?? 0;
    this.#triggers += packet.triggerEvents?.t.length ?? 0;
    this.#eventTime = packet.polarityEvents?.t.at(-1) ?? this.#eventTime;
    this.#triggerTime = packet.triggerEvents?.t.at(-1) ?? this.#triggerTime;
  }

  #checkEvents({ polarityEvents }: Packet): void {
    if (polarityEvents === undefined) return;
    const { t, x, y } = polarityEvents;
    const wrongTime = this.#times.firstWrong(t, this.#eventTime, this.#largest.t);
    if (wrongTime >= 0) throw this.#timeError("event", this.#events + wrongTime, t[wrongTime]!);
    for (const [axis, column] of [["x", x], ["y", y]] as const) {
      const largest = this.#largest[axis];
      const wrong = firstAbove(column, largest);
      if (wrong >= 0) {
        throw this.#refusal(
          `event ${this.#events + wrong} has ${axis} ${column[wrong]}`,
          `${axis} from 0 to ${largest}`,
        );
      }
    }
  }

  #checkTriggers({ triggerEvents }: Packet): void {
    if (triggerEvents === undefined) return;
    const { t, id, edge } = triggerEvents;
    const limits = this.#limits.triggers;
    if (limits === undefined) throw this.#refusal(`trigger ${this.#triggers} at ${t[0]} µs`, "no triggers");
    const wrongTime = this.#times.firstWrong(t, this.#triggerTime, this.#largest.t);
    if (wrongTime >= 0) throw this.#timeError("trigger", this.#triggers + wrongTime, t[wrongTime]!);
    const wrongId = firstAbove(id, limits.maximumId);
    if (wrongId >= 0) {
      throw this.#refusal(
        `trigger ${this.#triggers + wrongId} has id ${id[wrongId]}`,
        `ids from 0 to ${limits.maximumId}`,
      );
    }
    const wrongEdge = firstAbove(edge, limits.pulses ? 2 : 1);
    if (wrongEdge >= 0) {
      throw this.#refusal(
        `trigger ${this.#triggers + wrongEdge} has edge ${edge[wrongEdge]}`,
        "rising and falling edges",
      );
    }
  }

  #timeError(kind: string, index: number, time: number): NeuromorphicError {
    return this.#refusal(`${kind} ${index} has the time ${time}`, this.#times.holds);
  }

  #refusal(what: string, holds: string): NeuromorphicError {
    return recordingError("unsupported", `${what}, and ${this.#name} holds ${holds}`, {
      operation: "write",
      path: this.#path,
    });
  }
}

/** Index of the first time that is below the one before it, too large or no whole number; -1 where there is none. */
export function firstWrongTime(t: Float64Array, before: number, largest: number): number {
  let last = before;
  for (let i = 0; i < t.length; i++) {
    const time = t[i]!;
    if (!(time >= last && time <= largest) || time !== Math.floor(time)) return i;
    last = time;
  }
  return -1;
}

function firstAbove(column: Uint16Array | Uint8Array, largest: number): number {
  for (let i = 0; i < column.length; i++) if (column[i]! > largest) return i;
  return -1;
}
