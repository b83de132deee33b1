/** The tests' own `navigator.usb`: what a page calls, a device of the test does. */

import assert from "node:assert/strict";
import type { Usb, UsbDevice } from "../../src/web/usb_types.ts";
import { eventually } from "../support/eventually.ts";
import { test } from "./testing/in_browser.ts";
import { withBridgedTab } from "./testing/usb/tab.ts";

/** Gives back what it gets. */
class Echo implements Partial<UsbDevice> {
  vendorId = 0x04b4;
  productId = 0x00f5;
  usbVersionMajor = 3;
  usbVersionMinor = 0;
  productName = "an echo";
  serialNumber = "00050ABC";
  opened = false;
  configuration = null;
  configurations = [];
  readonly calls: string[] = [];
  #sent = new Uint8Array();
  #waiting: ((reason: Error) => void)[] = [];

  open(): Promise<void> {
    this.opened = true;
    return Promise.resolve();
  }

  close(): Promise<void> {
    this.opened = false;
    for (const reject of this.#waiting.splice(0)) reject(new DOMException("The transfer was cancelled.", "AbortError"));
    return Promise.resolve();
  }

  claimInterface(number: number): Promise<void> {
    this.calls.push(`claim ${number}`);
    return Promise.reject(new DOMException("Unable to claim interface.", "NetworkError"));
  }

  transferOut(_endpoint: number, data: BufferSource) {
    this.#sent = new Uint8Array(data as ArrayBuffer);
    return Promise.resolve({ status: "ok" as const, bytesWritten: data.byteLength });
  }

  transferIn(endpoint: number, length: number) {
    this.calls.push(`in ${endpoint} ${length}`);
    if (endpoint === 2) return new Promise<never>((_, reject) => this.#waiting.push(reject));
    const data = new DataView(this.#sent.buffer, 0, Math.min(length, this.#sent.length));
    return Promise.resolve(length === 0 ? { status: "stall" as const } : { status: "ok" as const, data });
  }
}

class EchoUsb extends EventTarget {
  readonly devices: UsbDevice[];

  constructor(...devices: Echo[]) {
    super();
    this.devices = devices as unknown as UsbDevice[];
  }

  getDevices(): Promise<UsbDevice[]> {
    return Promise.resolve(this.devices);
  }
}

const page = { texts: { "/index.html": "<!doctype html><title>a page with a device</title>" } };

test("a page's transfers carry bytes, statuses and errors, in the order of its calls", async (browser) => {
  const echo = new Echo();
  const usb = new EchoUsb(echo) as unknown as Usb;
  await withBridgedTab(browser, usb, page, async ({ tab, url }) => {
    await tab.goTo(`${url}/index.html`);
    const seen = await tab.evaluate(`(async () => {
      const [device] = await navigator.usb.getDevices();
      const sameObject = device === await navigator.usb.requestDevice({ filters: [{ vendorId: 0x04b4 }] });
      const { productName, manufacturerName, serialNumber } = device;
      await device.open();
      const outcome = (promise) => promise.then(String, ({ name, message }) => name + ": " + message);
      const claimed = await outcome(device.claimInterface(3));
      const sent = await device.transferOut(1, new Uint8Array([9, 1, 2, 3, 9]).subarray(1, 4));
      const [all, some, none] = await Promise.all([device.transferIn(1, 8), device.transferIn(1, 2), device.transferIn(1, 0)]);
      const bytes = [all, some].map(({ data }) => [...new Uint8Array(data.buffer, data.byteOffset, data.byteLength)]);
      const pending = outcome(device.transferIn(2, 64));
      const wasOpened = device.opened;
      await device.close();
      const names = [productName, manufacturerName, serialNumber];
      return { sameObject, names, claimed, sent, bytes, none, wasOpened, opened: device.opened, pending: await pending };
    })()`);
    assert.deepEqual(seen, {
      sameObject: true,
      names: ["an echo", null, "00050ABC"],
      claimed: "NetworkError: Unable to claim interface.",
      sent: { status: "ok", bytesWritten: 3 },
      bytes: [[1, 2, 3], [1, 2]],
      none: { status: "stall" },
      wasOpened: true,
      opened: false,
      pending: "AbortError: The transfer was cancelled.",
    });
  });
  assert.deepEqual(echo.calls, ["claim 3", "in 1 8", "in 1 2", "in 1 0", "in 2 64"]);
});

test("a page hears of devices that come and go, and a page that goes away closes its own", async (browser) => {
  const [first, second] = [new Echo(), Object.assign(new Echo(), { serialNumber: "00050ABD" })];
  const usb = new EchoUsb(first);
  await withBridgedTab(browser, usb as unknown as Usb, page, async ({ tab, url }) => {
    await tab.goTo(`${url}/index.html`);
    await tab.evaluate(`(async () => {
      globalThis.heard = [];
      for (const type of ["connect", "disconnect"]) {
        navigator.usb.addEventListener(type, async ({ device }) => {
          heard.push(type + " " + device.serialNumber + " " + (await navigator.usb.getDevices()).includes(device));
        });
      }
      const [device] = await navigator.usb.getDevices();
      await device.open();
    })()`);
    const tell = (type: string, device: UsbDevice) => usb.dispatchEvent(Object.assign(new Event(type), { device }));
    usb.devices.push(second as unknown as UsbDevice);
    tell("connect", usb.devices[1]!);
    await tab.until("heard.length === 1");
    tell("disconnect", usb.devices.pop()!);
    assert.deepEqual(await tab.until("heard.length === 2 && heard"), [
      "connect 00050ABD true",
      "disconnect 00050ABD false",
    ]);
    assert.equal(first.opened, true);
    await tab.goTo("about:blank");
    await eventually("the device to be closed", () => first.opened ? undefined : true);
  });
});
