import assert from "node:assert/strict";
import process from "node:process";
import { LoadFailure, LoadFailures } from "../../ffi/load_failure.ts";
import {
  builtLibraryPath,
  libraryVariable,
  libusbPlaces,
  libusbVariable,
  nativeLibraryPlaces,
  openFirst,
  readVariable,
  virtualLibraryPlace,
} from "../../ffi/locate.ts";
import type { Adapter } from "../../ffi/adapter.ts";
import type { Place } from "../../ffi/place.ts";
import { test } from "../support/test.ts";

/** Sets or clears a variable while something runs. */
async function withVariable(name: string, value: string | undefined, run: () => void | Promise<void>): Promise<void> {
  const before = process.env[name];
  if (value === undefined) delete process.env[name];
  else process.env[name] = value;
  try {
    await run();
  } finally {
    if (before === undefined) delete process.env[name];
    else process.env[name] = before;
  }
}

test("libusb is looked for at the systems' own places, and by its bare name last", {}, async () => {
  await withVariable(libusbVariable, undefined, () => {
    const debian = libusbPlaces({ platform: "linux", architecture: "arm64" });
    assert.equal(debian[0], "/usr/lib/aarch64-linux-gnu/libusb-1.0.so.0");
    assert.ok(debian.includes("/usr/lib64/libusb-1.0.so.0") && debian.includes("/usr/lib/libusb-1.0.so.0"));
    assert.equal(debian.at(-1), "libusb-1.0.so.0");
    assert.deepEqual(libusbPlaces({ platform: "darwin", architecture: "x64" }), [
      "/usr/local/lib/libusb-1.0.0.dylib",
      "/opt/homebrew/lib/libusb-1.0.0.dylib",
      "/opt/local/lib/libusb-1.0.0.dylib",
      "libusb-1.0.0.dylib",
    ]);
    assert.equal(libusbPlaces({ platform: "win32", architecture: "x64" }).at(-1), "libusb-1.0.dll");
    const other = libusbPlaces({ platform: "linux", architecture: "riscv64" });
    assert.equal(other[0], "/usr/lib64/libusb-1.0.so.0");
  });
});

test("a variable chooses a library, and nothing else is tried", {}, async () => {
  await withVariable(libusbVariable, "/opt/libusb.so", () => assert.deepEqual(libusbPlaces(), ["/opt/libusb.so"]));
  await withVariable(libraryVariable, "/opt/nd.so", async () => {
    assert.deepEqual(await nativeLibraryPlaces(), [{ path: "/opt/nd.so" }]);
  });
  await withVariable(
    libraryVariable,
    "",
    () => assert.equal(readVariable(libraryVariable), undefined, "empty is unset"),
  );
});

test("in a clone the native library is where zig build puts it, the virtual camera's beside it", {}, async () => {
  const [linux, windows, macos] = [
    { platform: "linux", architecture: "x64" },
    { platform: "win32", architecture: "x64" },
    { platform: "darwin", architecture: "arm64" },
  ] as const;
  await withVariable(libraryVariable, undefined, async () => {
    const places = await nativeLibraryPlaces(linux);
    assert.deepEqual(places, [{ path: builtLibraryPath("neuromorphic_drivers", linux) }]);
    assert.match(places[0]!.path, /zig[/\\]zig-out[/\\]lib[/\\]libneuromorphic_drivers\.so$/);
    const [place] = await nativeLibraryPlaces(windows);
    assert.match(place!.path, /zig-out[/\\]bin[/\\]neuromorphic_drivers\.dll$/);
  });
  const files = { "libneuromorphic_virtual_camera.dylib": { size: 1, sha256: "" } };
  const virtual = virtualLibraryPlace({ path: "/a/b/nd.dylib", files }, macos);
  assert.match(virtual.path, /b[/\\]libneuromorphic_virtual_camera\.dylib$/);
  assert.equal(virtual.files, files, "what is known of the folder holds for it, too");
});

/** An adapter that loads the paths of a list and refuses the others. */
function adapterOf(loadable: readonly string[], tried: string[]): Pick<Adapter, "openLibrary"> {
  return {
    openLibrary(path) {
      tried.push(path);
      if (!loadable.includes(path)) throw new LoadFailure(path, path.includes("32") ? "architecture" : "missing", "no");
      return { path, symbols: {} as never };
    },
  };
}

function placesOf(...paths: readonly string[]): Place[] {
  return paths.map((path) => ({ path }));
}

test("the first place that can be loaded is taken, and none after it", {}, () => {
  const tried: string[] = [];
  const adapter = adapterOf(["/c", "/d"], tried) as Adapter;
  assert.equal(openFirst(adapter, placesOf("/a", "/b32", "/c", "/d"), {}).library.path, "/c");
  assert.deepEqual(tried, ["/a", "/b32", "/c"]);
});

test("where none can be loaded, the reason of each is told", {}, () => {
  const adapter = adapterOf([], []) as Adapter;
  assert.throws(() => openFirst(adapter, placesOf("/a", "/b32"), {}), (error) => {
    assert.ok(error instanceof LoadFailures);
    assert.deepEqual(error.failures.map(({ path, reason }) => [path, reason]), [["/a", "missing"], [
      "/b32",
      "architecture",
    ]]);
    return true;
  });
});

test("a place with an obstacle is not looked at, and told", {}, () => {
  const tried: string[] = [];
  const adapter = adapterOf(["/c"], tried) as Adapter;
  const unfit = { path: "/c", obstacle: new LoadFailure("/c", "symbol", "0.2.0, and 0.1.0 is needed") };
  assert.throws(() => openFirst(adapter, [unfit], {}), (error) => {
    return error instanceof LoadFailures && error.failures[0]!.reason === "symbol";
  });
  assert.deepEqual(tried, []);
});
