/** The tests behind the ticks of the table of features in src/cameras/README.md: for each camera a file and a test in it. */

/** A test by its file and its title, or the first words of a title that the file completes. */
export type Proof = readonly [file: string, title: string];

/** The columns of the table, from left to right. */
export const cameras = ["EVK4", "EVK3 HD", "SilkyEvCam VGA", "EVK3 GenX320"] as const;

const effects = "devices/virtual_features_test.ts";
const filters = "devices/virtual_filters_test.ts";
const registers = "devices/virtual_registers_test.ts";
const hd = "cameras/prophesee_evk3_hd/virtual_camera_test.ts";
const vga = "devices/centuryarks_vga_test.ts";
const vgaGolden = "cameras/centuryarks_vga/golden_test.ts";

/** The words of everything that a configuration can change. */
const hdWords: Proof = [
  "cameras/prophesee_evk3_hd/snapshot_test.ts",
  "what goes over the bus from the identification to the shutdown is what is recorded",
];
const vgaWords: Proof = [
  "cameras/centuryarks_vga/snapshot_test.ts",
  "the registers from the identification to the shutdown are those recorded",
];
const hdMonitors: Proof = [hd, "monitors and the format of the events"];
const genx320 = "cameras/prophesee_evk3_genx320/virtual_camera_test.ts";
const genx320Board = "cameras/prophesee_evk3_genx320/virtual_board_test.ts";
const genx320Events: Proof = [genx320, "each event of a "];
const genx320Pixels: Proof = [genx320, "regions and single pixels leave events out, at the opening and live"];
const genx320Limiter: Proof = [genx320, "the rate limiter lets its events through, and counts them"];
const genx320Monitors: Proof = [genx320Board, "thermometer, light meter, dead time and the sensor's own biases"];
const none = undefined;

/** By the features' names in the table. */
export const proofs: Readonly<Record<string, readonly (Proof | undefined)[]>> = {
  "events (EVT3)": [
    ["devices/virtual_camera_test.ts", "each model of the virtual camera opens with its name"],
    [hd, "events arrive, and the camera tells who it is"],
    [vga, "it is listed, opened, and streams 640 x 480 pixels"],
    genx320Events,
  ],
  "events (EVT2.1)": [
    [filters, "EVT2.1 has the same events as EVT3, decoded and raw"],
    hdMonitors,
    none,
    genx320Events,
  ],
  biases: [
    ["devices/virtual_biases_test.ts", "the same offsets leave the same events on chips with other codes"],
    [hd, "biases are written live"],
    ["cameras/gen31/biases_test.ts", "each of the 1801 values of each bias has OpenEB's word"],
    [genx320, "biases are written live, and what is not recommended is refused before that"],
  ],
  "recommended ranges of biases": [
    ["cameras/prophesee_evk4/biases_test.ts", "the recommended ranges are those of the model that was found"],
    ["cameras/gen41/biases_test.ts", "the ends of OpenEB's ranges are allowed"],
    ["cameras/gen31/biases_test.ts", "what OpenEB sets, refuses and calls out of range"],
    ["cameras/genx320/configuration_test.ts", "beyondRecommendedBiases allows the codes 0 to 127"],
  ],
  "the chip's own biases back at close": [
    ["cameras/prophesee_evk4/biases_test.ts", "any offsets that a chip allows are set live and at open"],
    none,
    none,
    none,
  ],
  "Metavision's `.bias` files": [
    ["cameras/imx636/bias_file_test.ts", "any offsets go through a file"],
    none,
    none,
    none,
  ],
  "Metavision's camera settings (JSON)": [
    ["cameras/imx636/camera_settings_test.ts", "any configuration that the file can hold goes through it"],
    none,
    none,
    none,
  ],
  "region of interest, masked columns and rows": [
    [effects, "a region of interest sends what lies in it"],
    [hd, "masks leave pixels out, at the opening and live"],
    [vga, "masked columns and rows send nothing, from the opening on and live"],
    genx320Pixels,
  ],
  "region of non-interest": [[effects, "a region of interest sends what lies in it"], hdWords, none, genx320Pixels],
  "masks that are kept and switched off": [
    [effects, "masks that are not enabled mask nothing"],
    [hd, "masks leave pixels out, at the opening and live"],
    none,
    none,
  ],
  "masked single pixels": [
    [registers, "the pixel mask silences its pixels and no other"],
    hdWords,
    none,
    genx320Pixels,
  ],
  "digital crop": [[filters, "a digital crop sends what lies in its window"], hdWords, none, [
    genx320,
    "a digital crop sends what lies in its window",
  ]],
  "anti-flicker filter": [
    [filters, "the anti-flicker filter drops what flickers in its band"],
    hdWords,
    none,
    [genx320, "the anti-flicker filter drops what flickers in its band"],
  ],
  "trail and contrast filters": [
    [filters, "each trail filter sends its part of every burst"],
    ["cameras/prophesee_evk3_hd/update_test.ts", "the trail filter has two types"],
    none,
    [genx320, "each trail filter sends its part of every burst"],
  ],
  "noise filter": [
    none,
    none,
    [vgaGolden, "the noise filter has OpenEB's thresholds"],
    ["cameras/genx320/golden_filters_test.ts", "the activity filter has OpenEB's thresholds"],
  ],
  "rate limiter": [
    [registers, "the rate limiter lets its number of events through in each period"],
    ["cameras/prophesee_evk3_hd/golden_test.ts", "a change of the rate limiter"],
    none,
    genx320Limiter,
  ],
  "what the limiter counted, in `status`": [
    [filters, "the status tells what the rate controller counted"],
    none,
    none,
    genx320Limiter,
  ],
  "trigger input": [
    ["cameras/prophesee_evk4/golden_test.ts", "an update of the trigger is written"],
    ["cameras/prophesee_evk3_hd/update_test.ts", "the trigger is switched by its field"],
    [vga, "temperature, illuminance and triggers"],
    [genx320Board, "triggers come until they are switched off"],
  ],
  "clock: primary, secondary": [
    [effects, "a secondary sends nothing until its primary runs"],
    hdWords,
    [vga, "two cameras run by one clock"],
    [genx320Board, "a secondary waits for its primary, whose clock it follows"],
  ],
  "output switched off and on": [
    ["cameras/prophesee_evk4/open_camera_test.ts", "an update writes what changed and nothing else"],
    ["cameras/prophesee_evk3_hd/update_test.ts", "an update writes what changed and nothing else"],
    none,
    none,
  ],
  "period of USB packets": [[effects, "a longer packet period makes fewer transfers"], hdWords, vgaWords, none],
  thermometer: [
    ["cameras/prophesee_evk4/golden_test.ts", "temperature and illuminance equal the golden transcript"],
    hdMonitors,
    [vga, "temperature, illuminance and triggers"],
    genx320Monitors,
  ],
  "light meter": [
    ["cameras/imx636/openeb_test.ts", "temperature, illuminance and dead time are what OpenEB makes"],
    hdMonitors,
    [vga, "temperature, illuminance and triggers"],
    genx320Monitors,
  ],
  "dead time of the pixels": [[effects, "the dead time of the pixels is measured"], hdMonitors, none, genx320Monitors],
  "a failed change is taken back": [
    ["cameras/prophesee_evk4/update_failures_test.ts", "the registers are those of the configuration after a failure"],
    ["cameras/prophesee_evk3_hd/update_test.ts", "an update that fails at any exchange is taken back"],
    [vga, "an update that the camera refuses half-way leaves the configuration that was there"],
    ["cameras/prophesee_evk3_genx320/open_failures_test.ts", "an update that fails half-way is undone"],
  ],
};
