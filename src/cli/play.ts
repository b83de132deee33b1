/** `play`: a recording in the terminal, or as a camera. */

import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import process from "node:process";
import { convert, type Geometry, NeuromorphicError, openRecording, rawEvt3, type Recording } from "../../mod.ts";
import { counted } from "./amounts.ts";
import type { Command, World } from "./command.ts";
import { interruptible } from "./interruption.ts";
import { LiveView } from "./live_view.ts";
import { readOptionsAndFiles } from "./options.ts";
import { pictureStyleOf } from "./picture_style.ts";
import { withProgress } from "./progress.ts";
import { formatPlayedRates } from "./rates.ts";
import { parseGeometry, sourceOf } from "./recording_files.ts";
import { formatDuration } from "./times.ts";
import { checkSystem, serveVirtualCameras } from "./virtual_camera.ts";
import { watchEvents } from "./watch_events.ts";

/** The command. */
export const playCommand: Command = {
  name: "play",
  summary: "show a recording, or serve it as a camera",
  help: `Shows the recording FILE at the speed at which it was recorded; - is standard
input.

  play [OPTIONS] FILE

  --speed X        2 is twice as fast, 0.1 ten times slower (0.001 to 1000)
  --loop           begin again at the end, until Ctrl-C
  --geometry WxH   size of the sensor, where FILE does not tell it: 1280x720
  --no-picture     print only the line of each second
  --as-camera      serve it as an EVK4 over USB/IP until Ctrl-C, in a loop, so
                   that any program on this machine can open it (Linux)
  --port N         of --as-camera: TCP port on 127.0.0.1 (default 3240)
  --attach         of --as-camera: plug it into this machine (see the help of
                   virtual-camera)

Exit status: 0 if there were events, 1 if there were none or FILE is damaged.`,
  needsNativeCode: true,
  parse(parameters) {
    const { values, files: [file] } = readOptionsAndFiles(parameters, {
      speed: { type: "string" },
      loop: { type: "boolean" },
      geometry: { type: "string" },
      "no-picture": { type: "boolean" },
      "as-camera": { type: "boolean" },
      port: { type: "string" },
      attach: { type: "boolean" },
    }, ["FILE"]);
    const { port, attach, loop = false } = values;
    const isCamera = values["as-camera"] === true;
    const speed = parseSpeed(values.speed);
    const geometry = parseGeometry("--geometry", values.geometry);
    if (isCamera && (values.speed !== undefined || loop || values["no-picture"])) {
      throw new TypeError("--as-camera goes without --speed, --loop and --no-picture");
    }
    if (!isCamera && (port !== undefined || attach)) throw new TypeError("--port and --attach go with --as-camera");
    if (loop && file === "-") throw new TypeError("--loop needs a file: standard input can be read only once");
    const options = { file, speed, loop, geometry, picture: !values["no-picture"] };
    const words = [...(port === undefined ? [] : ["--port", port]), ...(attach ? ["--attach"] : [])];
    return (world) => isCamera ? serve(options, words, world) : play(options, world);
  },
};

interface PlayOptions {
  readonly file: string;
  readonly speed: number;
  readonly loop: boolean;
  readonly geometry: Geometry | undefined;
  readonly picture: boolean;
}

function parseSpeed(text = "1"): number {
  const speed = text.trim() === "" ? Number.NaN : Number(text);
  if (speed >= 0.001 && speed <= 1000) return speed;
  throw new RangeError(`--speed must be a number from 0.001 to 1000, not "${text}"`);
}

function play({ file, speed, loop, geometry, picture }: PlayOptions, world: World): Promise<number> {
  return interruptible(async (signal) => {
    const recording = await openRecording(sourceOf(file, world), { speed, loop, geometry, signal });
    try {
      return await show(recording, picture, world, signal);
    } finally {
      await recording.close();
    }
  });
}

async function show(recording: Recording, picture: boolean, world: World, signal: AbortSignal): Promise<number> {
  const { stdout, output, errors } = world;
  const { name, format, geometry } = recording;
  const title = name.slice(Math.max(name.lastIndexOf("/"), name.lastIndexOf("\\")) + 1);
  const size = geometry === undefined ? "" : `, ${geometry.width} x ${geometry.height} pixels`;
  output.print(`\n${title}: ${format.title}${size}`);
  const style = picture && stdout.isTTY === true ? pictureStyleOf(process.env, process.platform) : undefined;
  const view = style && new LiveView(stdout, sizeFor(recording), style, `${title}; Ctrl-C ends`);
  const started = performance.now();
  const options = { view, output, seconds: undefined, signal, formatLine: formatPlayedRates };
  const { events, triggers, outOfSensor } = await watchEvents(recording, options);
  if (signal.aborted && stdout.isTTY === true) output.print("");
  const beyond = outOfSensor > 0 ? `; ${counted(outOfSensor, "event")} beyond the sensor` : "";
  const shown = [counted(events, "event"), ...(triggers > 0 ? [counted(triggers, "trigger")] : [])].join(", ");
  output.print(`${shown} in ${formatDuration(1000 * (performance.now() - started))}${beyond}`);
  if (events > 0 || signal.aborted || output.error !== undefined) return 0;
  errors.print("there are no events in it");
  return 1;
}

function sizeFor({ geometry, name }: Recording): Geometry {
  if (geometry !== undefined) return geometry;
  const what = "its sensor's size is not known; tell it (--geometry)";
  throw new NeuromorphicError("unsupported", `${name}: ${what}`, { operation: "play", path: name });
}

/** The sensor of the camera that is served. */
const evk4: Geometry = { width: 1280, height: 720 };

/** The camera reads files in EVT3 only; others become one first, in a folder that is removed at the end. */
async function serve({ file, geometry }: PlayOptions, words: readonly string[], world: World): Promise<number> {
  checkSystem(); // before a long conversion
  const source = sourceOf(file, world);
  const recording = typeof source === "string" ? await openRecording(source, { geometry }) : undefined;
  const { format, name } = recording ?? {};
  await recording?.close();
  const size = recording?.geometry ?? geometry ?? evk4;
  if (size.width > evk4.width || size.height > evk4.height) {
    const what = `an EVK4 has ${evk4.width} x ${evk4.height} pixels, this sensor ${size.width} x ${size.height}`;
    throw new NeuromorphicError("unsupported", `${name ?? file}: ${what}`, { operation: "serve" });
  }
  if (format === rawEvt3) return await serveVirtualCameras(["--recording", name!, ...words], world.folder);
  const folder = await mkdtemp(join(tmpdir(), "neuromorphic_drivers_play_"));
  try {
    const path = join(folder, "recording.raw");
    await interruptible((signal) =>
      withProgress(world, (bar) => {
        const onProgress = (done: { readonly bytes: number; readonly totalBytes: number | undefined }) =>
          bar.update("converting", done);
        return convert(source, path, { format: rawEvt3, geometry: size, allowLoss: true, signal, onProgress });
      })
    );
    return await serveVirtualCameras(["--recording", path, ...words], world.folder);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}
