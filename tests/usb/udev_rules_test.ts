import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import { cameras } from "../../src/cameras/cameras.ts";
import { formatUdevRules, udevRulesFile } from "../../src/usb/udev_rules.ts";

const ids = Object.values(cameras).flatMap(({ usbIds }) => usbIds);

test("the udev rules are those of the drivers (else run scripts/generate_udev_rules.ts)", () => {
  const path = new URL(`../../udev/${udevRulesFile}`, import.meta.url);
  assert.equal(readFileSync(path, "utf-8"), formatUdevRules(ids));
});

test("there is a rule for each id, in lower case", () => {
  const rules = formatUdevRules(ids).split("\n").filter((line) => line.startsWith("SUBSYSTEM"));
  assert.equal(rules.length, new Set(ids.map(({ vendorId, productId }) => `${vendorId}:${productId}`)).size);
  for (const id of ["04b4:00f4", "04b4:00f5", "31f7:0003", "31f7:0004", "1409:8e00"]) {
    const [vendorId, productId] = id.split(":");
    const ids = `ATTR{idVendor}=="${vendorId}", ATTR{idProduct}=="${productId}", `;
    assert.equal(rules.filter((rule) => rule.includes(ids)).length, 1, `${vendorId}:${productId}`);
  }
});

test("the users at the machine get access, and other users do not", () => {
  const rules = formatUdevRules(ids).split("\n").filter((line) => line.startsWith("SUBSYSTEM"));
  for (const rule of rules) assert.match(rule, /, TAG\+="uaccess", MODE="0660"$/);
  // 50-udev-default.rules sets the mode of all USB devices; 73-seat-late.rules acts on the tag.
  const number = Number(/^(\d\d)-/.exec(udevRulesFile)?.[1]);
  assert.ok(number > 50 && number < 73, udevRulesFile);
});

test("rules for everybody differ in what they assign", () => {
  const [seat, everybody] = (["seat", "everybody"] as const).map((access) => {
    return formatUdevRules(ids, access).split("\n").filter((line) => line.startsWith("SUBSYSTEM"));
  });
  assert.deepEqual(everybody, seat!.map((rule) => rule.replace('TAG+="uaccess", MODE="0660"', 'MODE="0666"')));
});
