/** A headless Chromium with a profile of its own. */

import { type ChildProcess, spawn } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import process from "node:process";
import { DevTools } from "./devtools.ts";
import { Tab, type TabOptions } from "./tab.ts";

/** What keeps the browser to itself and to this machine. */
const quietFlags = [
  "--headless",
  "--disable-gpu",
  "--no-first-run",
  "--disable-extensions",
  "--disable-component-extensions-with-background-pages",
  "--disable-background-networking",
  "--disable-sync",
  "--disable-default-apps",
  "--disable-component-update",
  "--disable-breakpad",
  "--disable-domain-reliability",
  "--disable-dev-shm-usage",
  "--metrics-recording-only",
  "--password-store=basic",
  "--mute-audio",
  "--hide-scrollbars",
  "--force-color-profile=srgb",
  // A page that was left would go on living; one with an open device of WebUSB never does.
  "--disable-features=BackForwardCache",
  "--remote-debugging-port=0",
];

/** There is no message bus; the browser says so many times, and goes on. */
const noMessageBus = { DBUS_SESSION_BUS_ADDRESS: "disabled:", DBUS_SYSTEM_BUS_ADDRESS: "disabled:" };

/** How to start the browser. */
export interface ChromiumOptions {
  /** Flags beside those that every test needs. */
  readonly flags?: readonly string[];
}

/** A browser that runs. */
export class Chromium {
  readonly #process: ChildProcess;
  readonly #ended: Promise<unknown>;
  readonly #profile: string;
  readonly #tools: DevTools;

  private constructor(child: ChildProcess, ended: Promise<unknown>, profile: string, tools: DevTools) {
    this.#process = child;
    this.#ended = ended;
    this.#profile = profile;
    this.#tools = tools;
  }

  /** Starts the program with an empty profile. */
  static async start(program: string, { flags = [] }: ChromiumOptions = {}): Promise<Chromium> {
    const profile = mkdtempSync(join(tmpdir(), "neuromorphic_drivers_chromium_"));
    // The sandbox of the pages refuses root.
    const sandbox = process.getuid?.() === 0 ? ["--no-sandbox"] : [];
    const child = spawn(program, [...quietFlags, ...sandbox, ...flags, `--user-data-dir=${profile}`, "about:blank"], {
      stdio: ["ignore", "ignore", "pipe"],
      env: { ...process.env, ...noMessageBus },
    });
    const ended = new Promise((resolve) => child.once("close", resolve));
    try {
      return new Chromium(child, ended, profile, await DevTools.connect(await readAddress(child)));
    } catch (error) {
      child.kill("SIGKILL");
      rmSync(profile, { recursive: true, force: true });
      throw error;
    }
  }

  /** Processor time of the processes that pages and their Workers run in, in seconds. */
  async pagesCpuSeconds(): Promise<number> {
    const { processInfo } = await this.#tools.send("SystemInfo.getProcessInfo");
    const pages = (processInfo as { type: string; cpuTime: number }[]).filter(({ type }) => type === "renderer");
    return pages.reduce((sum, { cpuTime }) => sum + cpuTime, 0);
  }

  /** Opens an empty tab. */
  async openTab(options?: TabOptions): Promise<Tab> {
    return await Tab.open(this.#tools, options);
  }

  /** Ends the browser. */
  async close(): Promise<void> {
    await this.#tools.send("Browser.close").catch(() => this.#process.kill("SIGKILL"));
    await this.#ended;
    rmSync(this.#profile, { recursive: true, force: true });
  }
}

/** Resolves with the address of the DevTools protocol, which the browser prints once it is up. */
function readAddress(child: ChildProcess): Promise<string> {
  let printed = "";
  return new Promise((resolve, reject) => {
    child.stderr!.on("data", (chunk: Uint8Array) => {
      if (printed.length < 100_000) printed += chunk.toString(); // later it is read so that the pipe stays empty
      const [, address] = /^DevTools listening on (ws:\S+)$/m.exec(printed) ?? [];
      if (address !== undefined) resolve(address);
    });
    child.once("error", reject);
    child.once("close", (status) => reject(new Error(`the browser ended with status ${status}:\n${printed}`)));
  });
}
