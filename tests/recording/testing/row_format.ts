/** A format for tests, with any limits: lines of JSON, one for each packet. */

import type { FormatLimits, FormatReader, ReadItem, RecordingFormat } from "../../../src/recording/format.ts";
import { type EventRow, eventRows, packetOfRows, type TriggerRow, triggerRows } from "./rows.ts";

/** A packet of it. */
export interface RowPacket {
  readonly events?: readonly EventRow[];
  readonly triggers?: readonly TriggerRow[];
}

const limits: FormatLimits = {
  maximumTime: Infinity,
  maximumX: 65_535,
  maximumY: 65_535,
  triggers: { maximumId: 255, pulses: true },
  imu: false,
  frames: false,
  geometry: false,
};

/** The format; what differs from one that holds all events and triggers is told. It does not tell the sensor's size. */
export function rowFormat(name: string, differing: Partial<FormatLimits> = {}): RecordingFormat {
  return {
    name,
    title: `Rows ${name}`,
    endings: [".rows"],
    limits: { ...limits, ...differing },
    matches: () => false,
    openReader: async ({ main }, { geometry }): Promise<FormatReader> => {
      const text = new TextDecoder().decode(await main.read(0, main.size ?? 2 ** 30));
      const lines = text.split("\n").filter((line) => line !== "");
      return {
        geometry,
        header: {},
        async *read(): AsyncGenerator<ReadItem, undefined> {
          for (const line of lines) {
            const { events = [], triggers = [] } = JSON.parse(line) as RowPacket;
            const packet = packetOfRows(events, triggers);
            yield { packet, bytes: line.length + 1, currentTime: events.at(-1)?.[0], gaps: [], outOfSensor: 0 };
          }
        },
        close: () => main.close(),
      };
    },
    openWriter: ({ main }, { geometry }) => {
      const put = (value: unknown) => main.write(new TextEncoder().encode(`${JSON.stringify(value)}\n`));
      return Promise.resolve({
        write: (packet) => put({ geometry, events: eventRows(packet), triggers: triggerRows(packet) }),
        close: () => main.close(),
        abort: () => main.abort(),
      });
    },
  };
}

/** Bytes of the format. */
export function rowBytes(packets: readonly RowPacket[]): Uint8Array<ArrayBuffer> {
  return new TextEncoder().encode(packets.map((packet) => `${JSON.stringify(packet)}\n`).join(""));
}

/** The packets in bytes of the format. */
export function packetsIn(bytes: Uint8Array): (RowPacket & { readonly geometry?: unknown })[] {
  return new TextDecoder().decode(bytes).trimEnd().split("\n").map((line) => JSON.parse(line));
}
