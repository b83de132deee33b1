/** Files of our writers, read by other people's programs: `deno task test:foreign-readers`. */

import assert from "node:assert/strict";
import { existsSync, readFileSync } from "node:fs";
import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { type FormatLimits, MemoryFiles, type Packet, type PolarityEvents, type TriggerEvents } from "../../mod.ts";
import { runOrThrow } from "../../scripts/commands.ts";
import { getForeignReaders } from "../../scripts/strangers/readers.ts";
import { events, randomScene, triggers } from "../encoder/encoded.ts";
import { atRandom, type Random } from "../support/random.ts";
import { slow, test } from "../support/test.ts";
import { type ForeignReader, type Judged, judged, type Taken } from "./table.ts";

const geometry = { width: 1280, height: 720 };
const program = fileURLToPath(new URL("read.py", import.meta.url));
const found = await getForeignReaders();
const { python, folder, obstacle: skip } = "python" in found
  ? { ...found, obstacle: undefined }
  : { python: "", folder: "", ...found };

type Scene = { readonly polarityEvents: PolarityEvents; readonly triggerEvents: TriggerEvents };

/** Rows of neighbours, and pauses of up to two minutes, in which the time counter of EVT3 wraps seven times. */
function pauses(random: Random): Scene {
  const list: [number, number, number, number][] = [];
  const edges: [number, number, number][] = [];
  let t = random.whole(0, 2 ** 24);
  for (let row = 0; row < 60; row++) {
    t += random.chance(0.2) ? random.whole(0, 1.2e8) : random.whole(0, 5000);
    if (random.chance(0.5)) edges.push([t, random.whole(0, 3), random.whole(0, 1)]);
    const y = random.whole(0, geometry.height - 1);
    for (let x = random.whole(0, 1200); x < geometry.width; x++) if (random.chance(0.6)) list.push([t, x, y, row & 1]);
  }
  return { polarityEvents: events(list), triggerEvents: triggers(edges) };
}

const scenes: Readonly<Record<string, (random: Random) => Scene>> = {
  "a busy scene": (random) => randomScene(random, geometry.width, geometry.height),
  "a scene with pauses": pauses,
};

for (const each of judged) {
  for (const [reader, taken] of Object.entries(each.readers) as [ForeignReader, Taken][]) {
    for (const [name, scene] of Object.entries(scenes)) {
      const title = [each.format.name, each.form].filter(Boolean).join(", ");
      test(
        `${title}: ${reader} reads ${name}`,
        { ...slow, skip },
        () => atRandom((random) => judge(each, reader, taken, fitting(scene(random), each.format.limits))),
      );
    }
  }
}

/** The scene as far as a format can hold it: without triggers, or with those of fewer inputs. */
function fitting({ polarityEvents, triggerEvents }: Scene, { triggers: kind }: FormatLimits): Scene {
  if (kind === undefined) return { polarityEvents, triggerEvents: triggers([]) };
  return {
    polarityEvents,
    triggerEvents: { ...triggerEvents, id: triggerEvents.id.map((id) => id % (kind.maximumId + 1)) },
  };
}

async function judge(
  { format, header = {} }: Judged,
  reader: ForeignReader,
  taken: Taken,
  scene: Scene,
): Promise<void> {
  const name = `recording${format.endings[0]}`;
  const files = new MemoryFiles(name);
  const writer = await format.openWriter!(files, { geometry, header });
  const { polarityEvents, triggerEvents } = scene;
  await writer.write((triggerEvents.t.length === 0 ? { polarityEvents } : scene) as Packet);
  await writer.close();
  const directory = await Deno.makeTempDir();
  try {
    for (const [fileName, bytes] of files.complete) await writeFile(join(directory, fileName), bytes);
    const path = join(directory, name);
    const out = join(directory, "read");
    const parameters = [program, reader, format.name, path, `${geometry.width}`, `${geometry.height}`, out];
    await runOrThrow(python, parameters, { environment: { PYTHONPATH: folder } });
    assert.deepEqual(eventsIn(`${out}.events`), rowsOf(scene.polarityEvents, ["t", "x", "y", "on"]));
    if (taken === "events") return;
    assert.ok(existsSync(`${out}.triggers`), "the reader gives no triggers");
    assert.deepEqual(triggersIn(`${out}.triggers`), rowsOf(scene.triggerEvents, ["t", "id", "edge"]));
  } finally {
    await Deno.remove(directory, { recursive: true });
  }
}

function rowsOf<Columns>(columns: Columns, names: readonly (keyof Columns)[]): string[] {
  const arrays = names.map((name) => columns[name] as ArrayLike<number>);
  return Array.from(arrays[0]!, (_, index) => arrays.map((array) => array[index]).join(" "));
}

function eventsIn(path: string): string[] {
  return records(path, 13, (view, at) => [
    view.getBigUint64(at, true),
    view.getUint16(at + 8, true),
    view.getUint16(at + 10, true),
    view.getUint8(at + 12),
  ]);
}

function triggersIn(path: string): string[] {
  return records(path, 10, (view, at) => [view.getBigUint64(at, true), view.getUint8(at + 8), view.getUint8(at + 9)]);
}

function records(path: string, size: number, read: (view: DataView, at: number) => unknown[]): string[] {
  const { buffer, byteOffset, byteLength } = readFileSync(path);
  const view = new DataView(buffer, byteOffset, byteLength);
  return Array.from({ length: byteLength / size }, (_, index) => read(view, size * index).join(" "));
}
