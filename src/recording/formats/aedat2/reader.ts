import type { Geometry } from "../../../types.ts";
import { recordingError } from "../../errors.ts";
import type { FormatReader, FormatReadOptions } from "../../format.ts";
import type { PacketBuilder } from "../../packet_builder.ts";
import type { SourceFiles } from "../../source.ts";
import { Cursor } from "../shared/cursor.ts";
import { headerFields, takeHeaderLines } from "../shared/header_text.ts";
import { damaged, itemReader, pieceBytesFor, type PieceDecoder } from "../shared/item_reader.ts";
import { WrappingClock } from "../shared/wrapping_clock.ts";
import type { Aedat2Options } from "./format.ts";

/** Opens a recording. */
export async function openAedat2Reader(
  { main }: SourceFiles,
  options: FormatReadOptions,
  { layout, orientation = "as-stored" }: Aedat2Options,
): Promise<FormatReader> {
  const refused = (what: string) => recordingError("unsupported", what, { operation: "open", path: main.name });
  try {
    const cursor = new Cursor(main);
    const lines = await takeHeaderLines(cursor, (byte) => byte === 0x23, (line) => {
      return line === "#End Of ASCII Header" ? "end" : "header";
    });
    const version = /^#!AER-DAT(\d.*)$/.exec(lines[0] ?? "")?.[1];
    if (version === undefined) throw damaged(main, 0, "does not begin with #!AER-DAT");
    if (version !== "2.0") throw refused(`its version is ${version}, and 2.0 is read`);
    const header = headerFields(lines);
    const chip = chipOf(header.AEChip ?? "");
    const known = layout ?? chip?.layout;
    if (known === undefined) {
      const named = header.AEChip === undefined
        ? "names no chip"
        : `names the chip ${header.AEChip}, which is not known`;
      throw refused(`${named}; \`aedat2With({ layout })\` tells how its addresses are made up`);
    }
    const geometry = options.geometry ?? chip?.geometry;
    if (geometry === undefined && orientation === "as-shown") {
      throw refused("turning its axes needs the size of the sensor, which the option `geometry` tells");
    }
    const turned = orientation === "as-shown" ? geometry : undefined;
    return itemReader({
      geometry,
      header,
      cursor,
      pieceBytes: pieceBytesFor(recordBytes),
      decoder: () => new RecordDecoder(addressFields[known], geometry, turned),
    });
  } catch (error) {
    await main.close();
    throw error;
  }
}

const recordBytes = 8;

interface Chip {
  readonly layout: NonNullable<Aedat2Options["layout"]>;
  readonly geometry: Geometry | undefined;
}

/** Sizes of the DAVIS cameras, by the number in their names. */
const davisSizes: Readonly<Record<string, Geometry>> = {
  240: { width: 240, height: 180 },
  346: { width: 346, height: 260 },
  640: { width: 640, height: 480 },
};

/** What is known of a chip, by a name such as `Davis346blue` or `eu.seebetter.ini.chips.davis.DAVIS240C`. */
function chipOf(name: string): Chip | undefined {
  if (/dvs128/i.test(name)) return { layout: "dvs128", geometry: { width: 128, height: 128 } };
  const davis = /davis[^\d]*(\d+)?/i.exec(name);
  return davis === null ? undefined : { layout: "davis", geometry: davisSizes[davis[1] ?? ""] };
}

/** Where the fields of an address stand, from its lowest bit. */
interface AddressFields {
  readonly x: number;
  readonly xMask: number;
  readonly y: number;
  readonly yMask: number;
  readonly on: number;
  /** Whether 0 means ON to jAER. */
  readonly isOnInverted: boolean;
  /** The bit of frames and of the IMU; undefined where there are none. */
  readonly other: number | undefined;
  /** The bit of the external input. */
  readonly trigger: number;
  /** The bit that tells its edge; undefined where all are rising. */
  readonly edge: number | undefined;
}

const addressFields: Readonly<Record<Chip["layout"], AddressFields>> = {
  davis: {
    ...{ x: 12, xMask: 0x3ff, y: 22, yMask: 0x1ff, on: 11, isOnInverted: false },
    ...{ other: 31, trigger: 10, edge: 11 },
  },
  dvs128: {
    ...{ x: 1, xMask: 0x7f, y: 8, yMask: 0x7f, on: 0, isOnInverted: true },
    ...{ other: undefined, trigger: 15, edge: undefined },
  },
};

class RecordDecoder implements PieceDecoder {
  outOfSensor = 0;
  readonly #clock = new WrappingClock();
  readonly #fields: AddressFields;
  readonly #geometry: Geometry;
  readonly #turned: Geometry | undefined;

  constructor(fields: AddressFields, geometry: Geometry | undefined, turned: Geometry | undefined) {
    this.#fields = fields;
    this.#geometry = geometry ?? { width: 65_536, height: 65_536 };
    this.#turned = turned;
  }

  get currentTime(): number | undefined {
    return this.#clock.currentTime;
  }

  decode(bytes: Uint8Array<ArrayBuffer>, builder: PacketBuilder): number {
    const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    const { other, trigger, edge } = this.#fields;
    let at = 0;
    for (; at + recordBytes <= bytes.length && !builder.isFull; at += recordBytes) {
      const address = view.getUint32(at);
      const time = this.#clock.next(view.getUint32(at + 4));
      if (other !== undefined && (address >>> other & 1) === 1) continue;
      if ((address >>> trigger & 1) === 1) {
        const index = builder.triggerCount++;
        builder.trigger.t[index] = time;
        builder.trigger.id[index] = 0;
        builder.trigger.edge[index] = edge === undefined ? 1 : address >>> edge & 1;
      } else {
        this.#takeEvent(address, time, builder);
      }
    }
    return at;
  }

  #takeEvent(address: number, time: number, builder: PacketBuilder): void {
    const fields = this.#fields;
    let x = address >>> fields.x & fields.xMask;
    let y = address >>> fields.y & fields.yMask;
    let on = address >>> fields.on & 1;
    if (x >= this.#geometry.width || y >= this.#geometry.height) {
      this.outOfSensor += 1;
      return;
    }
    if (this.#turned !== undefined) {
      x = this.#turned.width - 1 - x;
      y = this.#turned.height - 1 - y;
      if (fields.isOnInverted) on = 1 - on;
    }
    const { polarity } = builder;
    const at = builder.polarityCount++;
    polarity.t[at] = time;
    polarity.x[at] = x;
    polarity.y[at] = y;
    polarity.on[at] = on;
  }
}
