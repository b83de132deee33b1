import type { NeuromorphicError } from "../../../errors.ts";

/** A topic with event packets. */
export interface Channel {
  readonly id: number;
  readonly topic: string;
}

/** What a walk through a file finds. Bytes are valid until the next step. */
export type Found =
  /** A message of a topic with event packets. */
  | { readonly kind: "message"; readonly channel: Channel; readonly data: Uint8Array; readonly position: number }
  /** Bytes that cannot be read; those behind them can. */
  | { readonly kind: "lost"; readonly bytes: number; readonly error: NeuromorphicError }
  /** Nothing behind it can be read. */
  | { readonly kind: "end"; readonly error: NeuromorphicError | undefined };

/** One way through the messages of a file, from its beginning. */
export interface MessageWalk {
  /** Up to where the file was read. */
  readonly position: number;
  /** What the file says beside its messages, so far. */
  readonly metadata: Readonly<Record<string, string>>;
  /** @throws {NeuromorphicError} for a file that is none of its format, or cannot be read at all. */
  walk(): AsyncGenerator<Found, undefined>;
}

/** Names of the type in ROS 2 and ROS 1. */
const typeNames: readonly string[] = ["event_camera_msgs/msg/EventPacket", "event_camera_msgs/EventPacket"];

/** Whether messages of a type are event packets. */
export function isEventPacket(type: string | undefined): boolean {
  return type !== undefined && typeNames.includes(type);
}
