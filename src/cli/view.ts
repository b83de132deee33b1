/** `view`: shows a camera or a recording in the browser. */

import { resolve } from "node:path";
import { open, type RecordingResult } from "../../mod.ts";
import { CameraSession, type ServedDevice } from "../viewer/server/camera_session.ts";
import { openBrowser } from "../viewer/server/open_browser.ts";
import { RecordingFile } from "../viewer/server/recording_file.ts";
import { type Served, serveViewer, type ViewerServer } from "../viewer/server/server.ts";
import { openSite, type SiteFiles } from "../viewer/server/site_files.ts";
import { counted, scaled } from "./amounts.ts";
import { chooseBus } from "./choose_bus.ts";
import type { Command, World } from "./command.ts";
import { interruptible } from "./interruption.ts";
import { readOptionsAndOptionalFile } from "./options.ts";

/** The command. */
export const viewCommand: Command = {
  name: "view",
  summary: "show a camera or a recording in the browser",
  help: `Shows the events of a camera of this computer in the browser, where they can be
looked at, configured and recorded, until Ctrl-C; where no camera is plugged in,
those of the built-in virtual one. With FILE, it plays that recording.

  view [OPTIONS] [FILE]

  --serial SERIAL  open this camera and no other
  --virtual        use the virtual camera even if a real one is there
  --port N         TCP port on 127.0.0.1 (default: any that is free)
  --no-open        print the address, and open no browser

Only this computer can open the page, and only with the address that is
printed: it holds a secret, new each time.

Exit status: 0 after Ctrl-C, 1 if the camera or the page could not be opened, if
the camera failed, or if a recording that was made lacks something.`,
  needsNativeCode: true,
  parse(parameters) {
    const { values, file } = readOptionsAndOptionalFile(parameters, {
      serial: { type: "string" },
      virtual: { type: "boolean" },
      port: { type: "string" },
      "no-open": { type: "boolean" },
    });
    const { serial, virtual = false } = values;
    if (virtual && serial !== undefined) {
      throw new TypeError("--serial chooses a real camera; --virtual the virtual one");
    }
    if (file !== undefined && (virtual || serial !== undefined)) {
      throw new TypeError("FILE goes without --serial and --virtual");
    }
    if (file === "-") throw new TypeError("FILE must be a file: the page reads it at any place");
    const options = { file, serial, virtual, port: parsePort(values.port), opensBrowser: !values["no-open"] };
    return (world) => view(options, world);
  },
};

/** What to show, and how. */
export interface ViewOptions {
  readonly file: string | undefined;
  readonly serial: string | undefined;
  readonly virtual: boolean;
  /** 0: any that is free. */
  readonly port: number;
  readonly opensBrowser: boolean;
}

/** What else the command needs; tests give their own. */
export interface ViewTools {
  readonly openSite: () => Promise<SiteFiles>;
  readonly openBrowser: (url: string) => Promise<boolean>;
}

/** Waiting for events is cut into pieces of this length, so that Ctrl-C ends it. */
const waitMs = 50;

function parsePort(text: string | undefined): number {
  const port = text === undefined ? 0 : /^\d{1,5}$/.test(text) ? Number(text) : Number.NaN;
  if (port <= 65_535) return port;
  throw new RangeError(`--port must be a number from 0 to 65535, not "${text}"`);
}

/** Shows a camera or a recording until Ctrl-C, and returns the exit status. */
export async function view(
  options: ViewOptions,
  world: World,
  tools: ViewTools = { openSite, openBrowser: (url) => openBrowser(url) },
): Promise<number> {
  const site = await tools.openSite();
  return await interruptible((signal) => {
    const serve = async (served: Served) => {
      const server = await serveViewer({ site, served, port: options.port });
      world.output.print(`${server.url}\n\nCtrl-C ends it.`);
      if (options.opensBrowser && !await tools.openBrowser(server.makeTicketUrl())) {
        world.errors.print("No browser could be opened: open the address above.");
      }
      return server;
    };
    return options.file === undefined
      ? viewCamera(options, world, serve, signal)
      : viewRecording(resolve(world.folder, options.file), serve, signal);
  });
}

async function viewRecording(
  path: string,
  serve: (served: Served) => Promise<ViewerServer>,
  signal: AbortSignal,
): Promise<number> {
  const recording = await RecordingFile.open(path);
  try {
    const server = await serve({ recording });
    await new Promise<void>((resolve) => {
      signal.addEventListener("abort", () => resolve());
      if (signal.aborted) resolve();
    });
    await server.close();
    return 0;
  } finally {
    await recording.close();
  }
}

async function viewCamera(
  options: ViewOptions,
  world: World,
  serve: (served: Served) => Promise<ViewerServer>,
  signal: AbortSignal,
): Promise<number> {
  const { output, errors, folder } = world;
  const libusb = await chooseBus(options, world);
  signal.throwIfAborted();
  // Packets belong to their holder: they wait for pages.
  const device: ServedDevice = await open({ libusb, serial: options.serial, raw: true, iteratorTimeoutMs: waitMs });
  try {
    const { name, serial, firmware } = device;
    if (firmware.warning !== undefined) errors.print(`${name} ${serial}: ${firmware.warning}`);
    const session = new CameraSession(device, { isVirtual: libusb === "virtual", folder });
    const running = session.run(signal);
    let server: ViewerServer | undefined;
    try {
      server = await serve({ camera: session });
      const failure = await running;
      const recorded = tellRecording(await session.finishRecording(), world);
      if (failure !== null) errors.print(`view: ${failure.message}`);
      return failure === null && recorded ? 0 : 1;
    } finally {
      await server?.close();
      output.print("");
    }
  } finally {
    device.close();
  }
}

/** Returns whether nothing is missing. */
function tellRecording(result: RecordingResult | undefined, { output, errors }: World): boolean {
  if (result === undefined) return true;
  const { path, polarityEvents, bytes, gaps, droppedBytes, error } = result;
  const lost = gaps === 0 ? "nothing lost" : `${counted(gaps, "gap")}, ${counted(droppedBytes, "byte")} lost`;
  output.print(`${path}: ${counted(polarityEvents, "event")}, ${scaled(bytes, "B")}; ${lost}`);
  if (error !== undefined) errors.print(`view: ${error.message}; the file has what was written before`);
  return gaps === 0 && error === undefined;
}
