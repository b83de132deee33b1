import { NeuromorphicError } from "../../../errors.ts";
import { recordingError } from "../../errors.ts";
import type { FormatReader, FormatReadOptions } from "../../format.ts";
import type { ByteSource } from "../../source.ts";
import { openMessages } from "../ros/message_reader.ts";
import { type Channel, type Found, isEventPacket, type MessageWalk } from "../ros/messages.ts";
import { Database } from "./database.ts";
import type { Value } from "./record.ts";

/** Opens a recording. Takes over the source, and closes it where it fails. */
export async function openRosbag2(source: ByteSource, options: FormatReadOptions): Promise<FormatReader> {
  if (!source.isSeekable || source.size === undefined) {
    await source.close();
    throw recordingError("unsupported", "a database cannot be read from a stream: write it to a file first", {
      operation: "open",
      path: source.name,
    });
  }
  return await openMessages(source, options, () => new DatabaseMessages(source));
}

/** The messages of a bag in the order in which they were recorded. */
class DatabaseMessages implements MessageWalk {
  readonly metadata: Readonly<Record<string, string>> = {};
  readonly #database: Database;

  constructor(source: ByteSource) {
    this.#database = new Database(source);
  }

  get position(): number {
    return this.#database.position;
  }

  async *walk(): AsyncGenerator<Found, undefined> {
    const truncated = await this.#database.open();
    try {
      const channels = await this.#channels();
      const { root, columns } = await this.#table("messages");
      const [topicColumn, dataColumn] = [columns.indexOf("topic_id"), columns.indexOf("data")];
      for await (const { values, position } of this.#database.rows(root)) {
        const channel = channels.get(values[topicColumn] ?? null);
        const data = values[dataColumn];
        if (channel === undefined || !(data instanceof Uint8Array)) continue;
        yield { kind: "message", channel, data, position };
      }
    } catch (error) {
      if (!(error instanceof NeuromorphicError) || error.code !== "damaged") throw error;
      return yield { kind: "end", error };
    }
    return yield { kind: "end", error: truncated };
  }

  async #table(name: string) {
    const table = await this.#database.table(name);
    if (table === undefined) {
      throw this.#database.fail("unsupported", `an SQLite database without the table ${name}`, 0);
    }
    return table;
  }

  /** Topics with event packets, by their numbers. */
  async #channels(): Promise<ReadonlyMap<Value, Channel>> {
    const { root, columns } = await this.#table("topics");
    const channels = new Map<Value, Channel>();
    for await (const { id, values, position } of this.#database.rows(root)) {
      const value = (name: string) => values[columns.indexOf(name)];
      if (!isEventPacket(String(value("type")))) continue;
      const format = value("serialization_format");
      if (format !== "cdr") {
        throw this.#database.fail("unsupported", `topic ${value("name")} has messages in "${format}"`, position);
      }
      channels.set(id, { id, topic: String(value("name")) });
    }
    return channels;
  }
}
