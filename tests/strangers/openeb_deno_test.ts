/** OpenEB's HAL as a client of the virtual camera, where OpenEB is installed: `deno task test:openeb`. */

import { buildOpenebClient } from "../../scripts/strangers/openeb.ts";
import { slow, test } from "../support/test.ts";
import { changedPhases, compareOneByOne, type KnownEvent, type Phase, wholePhases } from "./known_events.ts";
import { meet } from "./meeting.ts";
import { assertTold } from "./told.ts";

const built = await buildOpenebClient();
const { program, obstacle: skip } = "program" in built ? { ...built, obstacle: undefined } : { ...built, program: "" };

/** Which events are left of the known ones, phase by phase. */
const facilities: Readonly<Record<string, (event: KnownEvent, known: readonly KnownEvent[]) => boolean>> = {
  crop: ({ x, y }) => x >= 320 && x <= 959 && y >= 180 && y <= 539,
  roni: ({ x, y }) => x < 500 || x >= 780 || y < 200 || y >= 520,
  event_mask: ({ x, y }, [first]) => x !== first!.x || y !== first!.y,
  primary: () => true,
  evt21: () => true,
};

const phases: readonly Phase[] = Object.entries(facilities).map(([name, isKept]) => ({
  name,
  check: (seen, known) => compareOneByOne(seen, known, (event) => isKept(event, known)),
}));

test("OpenEB sees all that an EVK4 sends, and what its facilities change", { ...slow, skip }, async () => {
  const serial = "00050abc"; // in lower case
  const name = `Prophesee:hal_plugin_prophesee:${serial}`;
  await meet({ program, serial, name, phases: [...wholePhases, ...changedPhases, ...phases] });
  const events = "as opened, masked, RONI, event mask, cropped, as primary, as opened again, EVT2.1";
  const changes = "biases, rate controller, anti-flicker, trail filters, dead time, secondary";
  assertTold("OpenEB 5.1.1", "look-alike", "`evk4`", events, changes);
});
