import { NeuromorphicError } from "../../../errors.ts";
import type { Geometry } from "../../../types.ts";
import { readingError } from "../../codecs/malformed.ts";
import { recordingError } from "../../errors.ts";
import type { FormatReader, FormatReadOptions, ReadItem } from "../../format.ts";
import type { ByteSource } from "../../source.ts";
import { readEventPacket } from "./event_packet.ts";
import { MessageItems } from "./message_items.ts";
import type { Found, MessageWalk } from "./messages.ts";

/**
 * Opens a recording of messages. Takes over the source, and closes it where it fails.
 *
 * @param begin Begins a walk through the file.
 */
export async function openMessages(
  source: ByteSource,
  options: FormatReadOptions,
  begin: () => MessageWalk,
): Promise<FormatReader> {
  try {
    const messages = begin();
    const walk = messages.walk();
    const first = await firstPacket(source, walk);
    const { width, height } = first.packet;
    const geometry = options.geometry ?? (width > 0 && height > 0 ? { width, height } : undefined);
    return new MessageReader(source, geometry, { ...messages.metadata, topic: first.channel.topic }, {
      messages,
      found: first.found,
      walk,
      begin,
    });
  } catch (error) {
    await source.close();
    throw error;
  }
}

/** The size of the sensor stands in the first message, so a file without one cannot be opened. */
async function firstPacket(source: ByteSource, walk: AsyncIterator<Found, undefined>) {
  const found: Found[] = [];
  for (;;) {
    const { value } = await walk.next();
    if (value === undefined || value.kind === "end") {
      throw value?.error ?? recordingError("unsupported", "has no messages event_camera_msgs/EventPacket", {
        operation: "open",
        path: source.name,
      });
    }
    // Its bytes are gone with the next step.
    found.push(value.kind === "message" ? { ...value, data: value.data.slice() } : value);
    if (value.kind !== "message") continue;
    try {
      return { packet: readEventPacket(value.data), channel: value.channel, found };
    } catch (error) {
      throw readingError(error, "the first message", { operation: "open", path: source.name, offset: value.position });
    }
  }
}

/** A walk that was begun to learn the size of the sensor, and what it found. */
interface Begun {
  readonly messages: MessageWalk;
  readonly found: readonly Found[];
  readonly walk: AsyncGenerator<Found, undefined>;
  readonly begin: () => MessageWalk;
}

class MessageReader implements FormatReader {
  readonly geometry: Geometry | undefined;
  readonly header: Readonly<Record<string, string>>;
  readonly #source: ByteSource;
  readonly #begin: () => MessageWalk;
  /** The first loop goes on with it: a stream cannot be read again. */
  #begun: Begun | undefined;

  constructor(source: ByteSource, geometry: Geometry | undefined, header: Record<string, string>, begun: Begun) {
    this.#source = source;
    this.geometry = geometry;
    this.header = header;
    this.#begin = begun.begin;
    this.#begun = begun;
  }

  /** All messages in the order of the file: the times of messages are not those of the sensor, so nothing is skipped. */
  async *read(): AsyncGenerator<ReadItem, undefined> {
    const messages = this.#begun?.messages ?? this.#begin();
    const found = this.#begun === undefined ? messages.walk() : continued(this.#begun);
    this.#begun = undefined;
    const items = new MessageItems(this.#source.name, this.geometry, messages);
    let failure: unknown;
    try {
      for (;;) {
        const step = await nextOf(found);
        const error = step.kind === "message" ? await items.take(step.channel, step.data, step.position) : step.error;
        failure ??= error;
        if (step.kind === "lost") items.lose(step.bytes);
        yield* items.ready();
        if (step.kind === "end" || isUnsupported(error)) break;
      }
      yield* items.rest();
    } finally {
      await found.return(undefined);
      items.close();
    }
    if (failure !== undefined) throw failure;
    return undefined;
  }

  close(): Promise<void> {
    return this.#source.close();
  }
}

async function* continued({ found, walk }: Begun): AsyncGenerator<Found, undefined> {
  yield* found;
  yield* walk;
  return undefined;
}

/** The next step. What the walk throws is its end: what was found before it is handed out. */
async function nextOf(found: AsyncGenerator<Found, undefined>): Promise<Found | { kind: "end"; error: unknown }> {
  try {
    return (await found.next()).value ?? { kind: "end", error: undefined };
  } catch (error) {
    return { kind: "end", error };
  }
}

function isUnsupported(error: unknown): boolean {
  return error instanceof NeuromorphicError && error.code === "unsupported";
}
