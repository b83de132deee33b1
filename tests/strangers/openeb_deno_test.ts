/** OpenEB's HAL as a client of the virtual camera, where OpenEB is installed: `deno task test:openeb`. */

import { buildOpenebClient } from "../../scripts/strangers/openeb.ts";
import { slow, test } from "../support/test.ts";
import { changedPhases, compareOneByOne, type KnownEvent, type Phase, wholePhases } from "./known_events.ts";
import { meet } from "./meeting.ts";
import { assertTold } from "./told.ts";

const built = await buildOpenebClient();
const { program, obstacle: skip } = "program" in built ? { ...built, obstacle: undefined } : { ...built, program: "" };

/** Which events are left of the known ones, phase by phase. */
type Facilities = Readonly<Record<string, (event: KnownEvent, known: readonly KnownEvent[]) => boolean>>;

const imx636: Facilities = {
  crop: ({ x, y }) => x >= 320 && x <= 959 && y >= 180 && y <= 539,
  roni: ({ x, y }) => x < 500 || x >= 780 || y < 200 || y >= 520,
  event_mask: ({ x, y }, [first]) => x !== first!.x || y !== first!.y,
  primary: () => true,
  evt21: () => true,
};

const isInWindow = ({ x, y }: KnownEvent) =>
  (x >= 40 && x < 140 && y >= 20 && y < 220) || (x >= 200 && x < 260 && y >= 150 && y < 320);

const genx320: Facilities = {
  windows: isInWindow,
  roni: (event) => !isInWindow(event),
  lines: ({ x, y }) => x >= 100 && y < 300,
  pixels: ({ x, y }) => (x + 3 * y) % 11 !== 0,
  event_mask: ({ x, y }, [first]) => x !== first!.x || y !== first!.y,
  crop: ({ x, y }) => x >= 64 && x <= 255 && y >= 50 && y <= 249,
  primary: () => true,
  evt2: () => true,
  evt3: () => true,
};

const phasesOf = (facilities: Facilities): readonly Phase[] =>
  Object.entries(facilities).map(([name, isKept]) => ({
    name,
    check: (seen, known) => compareOneByOne(seen, known, (event) => isKept(event, known)),
  }));

const serial = "00050abc"; // in lower case
const name = `Prophesee:hal_plugin_prophesee:${serial}`;

test("OpenEB sees all that an EVK4 sends, and what its facilities change", { ...slow, skip }, async () => {
  await meet({ program, serial, name, phases: [...wholePhases, ...changedPhases, ...phasesOf(imx636)] });
  const events = "as opened, masked, RONI, event mask, cropped, as primary, as opened again, EVT2.1";
  const changes = "biases, rate controller, anti-flicker, trail filters, dead time, secondary";
  assertTold("OpenEB 5.1.1", "look-alike", "`evk4`", events, changes);
});

const small = { width: 320, height: 320 };

// Each opening takes long: OpenEB first takes a device with these ids for one of its older boards.
test("OpenEB sees all that an EVK3 GenX320 sends, and what its facilities change", { ...slow, skip }, async () => {
  const model = "evk3-genx320";
  // There are no masks of columns and rows.
  const phases = [...wholePhases, ...changedPhases.slice(1), ...phasesOf(genx320)];
  await meet({ program, model, serial, name, geometry: small, phases, parameters: ["genx320"] });
  const events =
    "as opened, windows, RONI, lines, single pixels, event mask, cropped, as primary, as opened again, EVT2, EVT3";
  const changes = "biases, rate controller, anti-flicker, trail filters, dead time, secondary";
  assertTold("OpenEB 5.1.1", "look-alike", `\`${model}\``, events, changes);
});

test("OpenEB sees all that an EVK3 with an early GenX320 sends", { ...slow, skip }, async () => {
  const model = "evk3-genx320-es";
  const phases = wholePhases.slice(0, 1);
  await meet({ program, model, serial, name, geometry: small, phases, parameters: ["genx320", "brief"] });
  assertTold("OpenEB 5.1.1", "look-alike", `\`${model}\``, "as opened", "");
});
