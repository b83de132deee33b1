/** OpenEB's HAL as a client of the virtual camera, where OpenEB is installed: `deno task test:openeb`. */

import { buildOpenebClient } from "../../scripts/strangers/openeb.ts";
import { slow, test } from "../support/test.ts";
import { changedPhases, compareOneByOne, type Phase, wholePhases } from "./known_events.ts";
import { meet } from "./meeting.ts";
import { assertTold } from "./told.ts";

const built = await buildOpenebClient();
const { program, obstacle: skip } = "program" in built ? { ...built, obstacle: undefined } : { ...built, program: "" };

/** Columns 320 to 959 and rows 180 to 539 are kept. */
const crop: Phase = {
  name: "crop",
  check: (seen, known) => {
    return compareOneByOne(seen, known, ({ x, y }) => x >= 320 && x <= 959 && y >= 180 && y <= 539);
  },
};

test("OpenEB sees all that an EVK4 sends, and what its facilities change", { ...slow, skip }, async () => {
  const serial = "00050abc"; // in lower case
  const name = `Prophesee:hal_plugin_prophesee:${serial}`;
  await meet({ program, serial, name, phases: [...wholePhases, ...changedPhases, crop] });
  const changes = "biases, rate controller, anti-flicker, trail filters";
  assertTold("OpenEB 5.1.1", "look-alike", "`evk4`", "as opened, masked, cropped, as opened again", changes);
});
