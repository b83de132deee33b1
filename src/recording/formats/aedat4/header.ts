import { Malformed } from "../../codecs/malformed.ts";
import { FlatTable } from "../../flatbuffers/table.ts";
import type { Geometry } from "../../../types.ts";
import { type Compression, compressions } from "./container.ts";

/** What the header of a file says. */
export interface Aedat4Header {
  readonly compression: Compression;
  /** Where the table of packets begins; undefined where the file has none. */
  readonly tablePosition: number | undefined;
  /** The streams by their number: the identifiers of their packets. Empty where the header names none. */
  readonly streams: ReadonlyMap<number, string>;
  /** The size of the sensor, where the header tells it. */
  readonly geometry: Geometry | undefined;
  /** All attributes of the XML by their path, for example `"outInfo/0/info/source"`. */
  readonly attributes: Readonly<Record<string, string>>;
}

/** Reads the FlatBuffer of the header. */
export function readHeader(bytes: Uint8Array): Aedat4Header {
  const root = FlatTable.root(bytes, 0);
  const compression = compressions[root.i32(0)];
  if (compression === undefined) {
    throw new Malformed(`packets are packed in an unknown way, number ${root.i32(0)}`, "unsupported");
  }
  const tablePosition = root.i64(1, -1);
  const attributes = readXml(root.text(2) ?? "");
  const streams = streamsIn(attributes);
  return {
    compression,
    tablePosition: tablePosition < 0 ? undefined : tablePosition,
    streams: new Map(streams.map(({ id, type }) => [id, type])),
    geometry: streams.map(({ path }) => geometryOf(attributes, path)).find((geometry) => geometry !== undefined),
    attributes,
  };
}

/** A tag, its attributes, and the text behind it. */
const tag = /<(\/?)([a-zA-Z][\w-]*)([^<>]*)>([^<]*)/g;
const attribute = /([\w-]+)="([^"]*)"/g;
const entities: Readonly<Record<string, string>> = { amp: "&", lt: "<", gt: ">", quot: '"', apos: "'" };

/** Texts of all `attr` by the names of the `node`s around them, without the root's. */
function readXml(xml: string): Record<string, string> {
  const found: Record<string, string> = {};
  const path: string[] = [];
  for (const [, slash, name, rest, text] of xml.matchAll(tag)) {
    const attributes = new Map([...rest!.matchAll(attribute)].map(([, key, value]) => [key!, unescaped(value!)]));
    if (name === "node" && slash === "/") path.pop();
    else if (name === "node" && !rest!.endsWith("/")) path.push(attributes.get("name") ?? "");
    else if (name === "attr" && slash === "" && attributes.has("key")) {
      found[[...path, attributes.get("key")!].join("/")] = unescaped(text!);
    }
  }
  return found;
}

function unescaped(text: string): string {
  return text.replace(/&(\w+);/g, (whole, name: string) => entities[name] ?? whole);
}

const typeKey = /^(?:.*\/)?(\d+)\/typeIdentifier$/;

function streamsIn(attributes: Readonly<Record<string, string>>) {
  return Object.entries(attributes).flatMap(([key, type]) => {
    const id = typeKey.exec(key)?.[1];
    return id === undefined ? [] : [{ id: Number(id), type, path: key.slice(0, -"typeIdentifier".length) }];
  });
}

/** The size stands in a child `info`, or (evutils) beside the type. */
function geometryOf(attributes: Readonly<Record<string, string>>, path: string): Geometry | undefined {
  const size = (key: string) => Number(attributes[`${path}info/${key}`] ?? attributes[`${path}${key}`]);
  const [width, height] = [size("sizeX"), size("sizeY")];
  const isSize = (value: number) => Number.isInteger(value) && value >= 1 && value <= 32_768;
  return isSize(width) && isSize(height) ? { width, height } : undefined;
}

/** The XML of a file with events in stream 0 and triggers in stream 1, as dv-processing writes it. */
export function headerXml(geometry: Geometry, source: string): string {
  const sizes = [["sizeX", "int", geometry.width], ["sizeY", "int", geometry.height]] as const;
  const streams = [
    { id: 0, name: "events", type: "EVTS", description: "Array of events (polarity ON/OFF).", info: sizes },
    { id: 1, name: "triggers", type: "TRIG", description: "Array of triggers.", info: [] },
  ];
  const nodes = streams.map(({ id, name, type, description, info }) => [
    `        <node name="${id}" path="/outInfo/${id}/">`,
    ...[
      ["compression", "LZ4"],
      ["originalModuleName", "neuromorphic-drivers"],
      ["originalOutputName", name],
      ["typeDescription", description],
      ["typeIdentifier", type],
    ].map(([key, value]) => `            <attr key="${key}" type="string">${value}</attr>`),
    `            <node name="info" path="/outInfo/${id}/info/">`,
    ...info.map(([key, kind, value]) => `                <attr key="${key}" type="${kind}">${value}</attr>`),
    `                <attr key="source" type="string">${escaped(source)}</attr>`,
    "            </node>",
    "        </node>",
  ]);
  return [
    '<dv version="2.0">',
    '    <node name="outInfo" path="/outInfo/">',
    ...nodes.flat(),
    "    </node>",
    "</dv>",
    "",
  ].join("\n");
}

function escaped(text: string): string {
  return text.replace(/[&<>"']/g, (letter) => {
    const name = Object.keys(entities).find((key) => entities[key] === letter);
    return `&${name};`;
  });
}
