import assert from "node:assert/strict";
import { test } from "node:test";
import { NeuromorphicError } from "../../../src/errors.ts";
import { type CameraAccess, Cameras, type Shown } from "../../../src/viewer/page/cameras.ts";
import type { ViewerSource } from "../../../src/viewer/page/source.ts";
import { eventually } from "../../support/eventually.ts";

interface Handle {
  readonly name: string;
  readonly fails?: boolean;
}

const environment = { userAgent: "Firefox/150", isSecure: true };

/** A page that remembers what it showed, and cameras that a test plugs in. */
function setUp(granted: readonly Handle[], { hasUsb = true, chosen }: { hasUsb?: boolean; chosen?: Handle } = {}) {
  const log: string[] = [];
  const open = new Map<string, Shown & { isClosed: boolean }>();
  let plugIn: (handle: Handle) => void = () => {};
  const screen = {
    async show(opening: Promise<ViewerSource>): Promise<Shown | undefined> {
      try {
        const { name } = await opening;
        log.push(`shows ${name}`);
        const shown = {
          isClosed: false,
          close() {
            shown.isClosed = true;
            log.push(`closes ${name}`);
            return Promise.resolve();
          },
        };
        open.set(name, shown);
        return shown;
      } catch (error) {
        screen.fail(error);
        return undefined;
      }
    },
    message: ({ title }: { readonly title: string }) => void log.push(title),
    fail: (error: unknown) => void log.push(String(error)),
  };
  const access: CameraAccess<Handle> = {
    hasUsb,
    request: () => Promise.resolve(chosen),
    granted: () => Promise.resolve(granted),
    watch: (onConnect) => plugIn = onConnect,
    open: ({ name, fails }) =>
      fails === true
        ? Promise.reject(new NeuromorphicError("busy", `${name} is busy`))
        : Promise.resolve({ name } as ViewerSource),
    openVirtual: () => Promise.resolve({ name: "virtual" } as ViewerSource),
  };
  return { log, open, cameras: new Cameras(screen, access), plugIn: (handle: Handle) => plugIn(handle) };
}

test("cameras that the user has allowed before are opened at once", async () => {
  const { cameras, log } = setUp([{ name: "one" }, { name: "two" }]);
  await cameras.start(environment);
  assert.deepEqual(log, ["shows one", "shows two"]);
});

test("without a camera the page shows the virtual one and says so, until one is plugged in", async () => {
  const { cameras, log, plugIn } = setUp([]);
  await cameras.start(environment);
  assert.match(log[0]!, /^No camera is plugged in, so this is the virtual one/);
  assert.equal(log[1], "shows virtual");
  plugIn({ name: "one" });
  await eventually("the virtual camera goes", () => log.includes("closes virtual") || undefined);
  assert.deepEqual(log.slice(2), ["shows one", "closes virtual"]);
});

test("without WebUSB the page says why and shows the virtual camera", async () => {
  const { cameras, log } = setUp([], { hasUsb: false });
  await cameras.start(environment);
  assert.deepEqual(log, ["Firefox has no WebUSB", "shows virtual"]);
  await cameras.connect(environment);
  assert.equal(log[2], "Firefox has no WebUSB");
});

test("a camera that does not open is told, and the virtual one takes its place", async () => {
  const { cameras, log } = setUp([{ name: "one", fails: true }]);
  await cameras.start(environment);
  assert.match(log[0]!, /one is busy/);
  assert.equal(log.at(-1), "shows virtual");
});

test("a camera is opened once, and again after it was closed", async () => {
  const one = { name: "one" };
  const { cameras, log, open } = setUp([one], { chosen: one });
  await cameras.start(environment);
  await cameras.connect(environment);
  assert.deepEqual(log, ["shows one"]);
  await open.get("one")!.close();
  await cameras.connect(environment);
  assert.deepEqual(log, ["shows one", "closes one", "shows one"]);
});

test("a user who chooses no camera keeps what is there", async () => {
  const { cameras, log } = setUp([{ name: "one" }]);
  await cameras.start(environment);
  await cameras.connect(environment);
  assert.deepEqual(log, ["shows one"]);
});
