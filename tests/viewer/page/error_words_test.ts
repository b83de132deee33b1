import assert from "node:assert/strict";
import { test } from "node:test";
import { type ErrorCode, NeuromorphicError } from "../../../src/errors.ts";
import { openRecording } from "../../../src/recording/open_recording.ts";
import { withoutWebUsb, wordsFor } from "../../../src/viewer/page/error_words.ts";

const linux = "Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/156.0.0.0 Safari/537.36";
const windows = "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 Chrome/156.0.0.0 Safari/537.36";
const android = "Mozilla/5.0 (Linux; Android 15) AppleWebKit/537.36 Chrome/156.0.0.0 Mobile Safari/537.36";
const firefox = "Mozilla/5.0 (X11; Linux x86_64; rv:150.0) Gecko/20100101 Firefox/150.0";
const safari = "Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/605.1.15 Version/19.0 Safari/605.1.15";

function adviceFor(code: ErrorCode, userAgent: string): string {
  const { title, advice, command = "" } = wordsFor(new NeuromorphicError(code, "it failed"), { userAgent });
  assert.equal(title, "it failed");
  return [...advice, command].join(" ");
}

test("a browser without WebUSB is named, with what works in it", () => {
  assert.match(withoutWebUsb({ userAgent: firefox, isSecure: true }).title, /^Firefox has no WebUSB/);
  assert.match(withoutWebUsb({ userAgent: safari, isSecure: true }).title, /^Safari has no WebUSB/);
  assert.match(withoutWebUsb({ userAgent: linux, isSecure: true }).title, /^This browser has no WebUSB/);
  const iPhone = "Mozilla/5.0 (iPhone; CPU iPhone OS 19_0 like Mac OS X) AppleWebKit/605.1.15 CriOS/156 Safari/604.1";
  assert.match(withoutWebUsb({ userAgent: iPhone, isSecure: true }).title, /^No browser of iOS has WebUSB/);
  const { advice } = withoutWebUsb({ userAgent: firefox, isSecure: true });
  assert.match(advice.join(" "), /Recordings and the virtual camera work/);
});

test("an address that is not secure is the reason before the browser is", () => {
  const { title, advice } = withoutWebUsb({ userAgent: linux, isSecure: false });
  assert.match(title, /not secure/);
  assert.match(advice.join(" "), /localhost/);
});

test("refused access gives a Linux user the udev rule, and others none", () => {
  assert.match(adviceFor("permission-denied", linux), /install-udev-rules/);
  assert.doesNotMatch(adviceFor("permission-denied", android), /udev/);
});

test("a busy camera names WinUSB on Windows alone", () => {
  assert.match(adviceFor("busy", windows), /Another tab or program.*WinUSB/);
  assert.doesNotMatch(adviceFor("busy", linux), /WinUSB/);
});

test("an unplugged camera, a bad cable and a damaged file have words of their own", () => {
  assert.match(adviceFor("disconnected", linux), /Plug it in again/);
  assert.match(adviceFor("io", linux), /cable/);
  assert.match(adviceFor("damaged", linux), /before the damage/);
});

test("an error that is not the library's is told by its message", () => {
  assert.deepEqual(wordsFor(new TypeError("wrong"), { userAgent: linux }), { title: "wrong", advice: [] });
  assert.deepEqual(wordsFor("text", { userAgent: linux }), { title: "text", advice: [] });
});

test("a file of an unknown format is refused with the formats that the page reads, not with options of programs", async () => {
  const file = new File(["Dear camera"], "letter.bin");
  const error = await openRecording(file).catch((error: unknown) => error);
  const { title, advice } = wordsFor(error, { userAgent: linux });
  assert.equal(title, "letter.bin: is no recording of a known format, by its first bytes");
  assert.match(advice.join(" "), /^The page reads: .*Prophesee RAW, EVT3; .*CSV\.$/);
  assert.doesNotMatch([title, ...advice].join(" "), /option/);
});
