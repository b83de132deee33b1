import assert from "node:assert/strict";
import { test } from "node:test";
import { rawHeaderText } from "../../src/recording/raw_header_text.ts";

const geometry = { width: 1280, height: 720 };
const date = new Date(2024, 4, 7, 3, 45, 2);

test("a header has sorted lines, and its end", () => {
  const fields = { sensor_name: "IMX636", system_ID: "49", serial_number: "00050abc", sensor_generation: "4.2" };
  assert.equal(
    rawHeaderText({ format: "evt3", geometry, date, fields }),
    `% camera_integrator_name Prophesee
% date 2024-05-07 03:45:02
% evt 3.0
% format EVT3;height=720;width=1280
% geometry 1280x720
% plugin_integrator_name Prophesee
% plugin_name hal_plugin_prophesee
% sensor_generation 4.2
% sensor_name IMX636
% serial_number 00050abc
% system_ID 49
% end
`,
  );
});

test("each format has its name", () => {
  const told = (["evt2", "evt21", "evt21-legacy"] as const).map((format) =>
    rawHeaderText({ format, geometry, date }).split("\n").filter((line) => /^% (evt|format) /.test(line))
  );
  assert.deepEqual(told, [
    ["% evt 2.0", "% format EVT2;height=720;width=1280"],
    ["% evt 2.1", "% format EVT21;endianness=little;height=720;width=1280"],
    ["% evt 2.1", "% format EVT21;endianness=legacy;height=720;width=1280"],
  ]);
});

test("no field breaks a line, ends the header or contradicts what the words are", () => {
  const fields = {
    format: "EVT2",
    geometry: "1x1",
    evt: "2.0",
    endianness: "little",
    Format: "EVT2",
    t0: "11718656",
    T0: "11718656",
    end: "x",
    "two words": "x",
    "": "x",
    empty: " \t",
    note: " a\n% end\r\n\u0000b ",
    plugin_name: "other",
  };
  assert.deepEqual(rawHeaderText({ format: "evt3", geometry, date, fields }).split("\n"), [
    "% camera_integrator_name Prophesee",
    "% date 2024-05-07 03:45:02",
    "% evt 3.0",
    "% format EVT3;height=720;width=1280",
    "% geometry 1280x720",
    "% note a % end b",
    "% plugin_integrator_name Prophesee",
    "% plugin_name other",
    "% end",
    "",
  ]);
});
