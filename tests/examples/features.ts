/** The tests behind the ticks of the README's table of features: for each camera a file and a test in it. */

/** A test by its file and its title, or the first words of a title that the file completes. */
export type Proof = readonly [file: string, title: string];

/** The columns of the table, from left to right. */
export const cameras = ["EVK4", "EVK3 HD", "SilkyEvCam VGA"] as const;

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
const none = undefined;

/** By the features' names in the table. */
export const proofs: Readonly<Record<string, readonly (Proof | undefined)[]>> = {
  "events (EVT3)": [
    ["devices/virtual_camera_test.ts", "each model of the virtual camera opens with its name"],
    [hd, "events arrive, and the camera tells who it is"],
    [vga, "it is listed, opened, and streams 640 x 480 pixels"],
  ],
  "events (EVT2.1)": [[filters, "EVT2.1 has the same events as EVT3, decoded and raw"], hdMonitors, none],
  biases: [
    ["devices/virtual_biases_test.ts", "the same offsets leave the same events on chips with other codes"],
    [hd, "biases are written live"],
    ["cameras/gen31/biases_test.ts", "each of the 1801 values of each bias has OpenEB's word"],
  ],
  "recommended ranges of biases": [
    ["cameras/prophesee_evk4/biases_test.ts", "the recommended ranges are those of the model that was found"],
    ["cameras/gen41/biases_test.ts", "the ends of OpenEB's ranges are allowed"],
    ["cameras/gen31/biases_test.ts", "what OpenEB sets, refuses and calls out of range"],
  ],
  "the chip's own biases back at close": [
    ["cameras/prophesee_evk4/biases_test.ts", "any offsets that a chip allows are set live and at open"],
    none,
    none,
  ],
  "Metavision's `.bias` files": [["cameras/imx636/bias_file_test.ts", "any offsets go through a file"], none, none],
  "Metavision's camera settings (JSON)": [
    ["cameras/imx636/camera_settings_test.ts", "any configuration that the file can hold goes through it"],
    none,
    none,
  ],
  "region of interest, masked columns and rows": [
    [effects, "a region of interest sends what lies in it"],
    [hd, "masks leave pixels out, at the opening and live"],
    [vga, "masked columns and rows send nothing, from the opening on and live"],
  ],
  "region of non-interest": [[effects, "a region of interest sends what lies in it"], hdWords, none],
  "masks that are kept and switched off": [
    [effects, "masks that are not enabled mask nothing"],
    [hd, "masks leave pixels out, at the opening and live"],
    none,
  ],
  "masked single pixels": [[registers, "the pixel mask silences its pixels and no other"], hdWords, none],
  "digital crop": [[filters, "a digital crop sends what lies in its window"], hdWords, none],
  "anti-flicker filter": [[filters, "the anti-flicker filter drops what flickers in its band"], hdWords, none],
  "trail and contrast filters": [
    [filters, "each trail filter sends its part of every burst"],
    ["cameras/prophesee_evk3_hd/update_test.ts", "the trail filter has two types"],
    none,
  ],
  "noise filter": [none, none, [vgaGolden, "the noise filter has OpenEB's thresholds"]],
  "rate limiter": [
    [registers, "the rate limiter lets its number of events through in each period"],
    ["cameras/prophesee_evk3_hd/golden_test.ts", "a change of the rate limiter"],
    none,
  ],
  "what the limiter counted, in `status`": [
    [filters, "the status tells what the rate controller counted"],
    none,
    none,
  ],
  "trigger input": [
    ["cameras/prophesee_evk4/golden_test.ts", "an update of the trigger is written"],
    ["cameras/prophesee_evk3_hd/update_test.ts", "the trigger is switched by its field"],
    [vga, "temperature, illuminance and triggers"],
  ],
  "clock: primary, secondary": [
    [effects, "a secondary sends nothing until its primary runs"],
    hdWords,
    [vga, "two cameras run by one clock"],
  ],
  "output switched off and on": [
    ["cameras/prophesee_evk4/open_camera_test.ts", "an update writes what changed and nothing else"],
    ["cameras/prophesee_evk3_hd/update_test.ts", "an update writes what changed and nothing else"],
    none,
  ],
  "period of USB packets": [[effects, "a longer packet period makes fewer transfers"], hdWords, vgaWords],
  thermometer: [
    ["cameras/prophesee_evk4/golden_test.ts", "temperature and illuminance equal the golden transcript"],
    hdMonitors,
    [vga, "temperature, illuminance and triggers"],
  ],
  "light meter": [
    ["cameras/imx636/openeb_test.ts", "temperature, illuminance and dead time are what OpenEB makes"],
    hdMonitors,
    [vga, "temperature, illuminance and triggers"],
  ],
  "dead time of the pixels": [[effects, "the dead time of the pixels is measured"], hdMonitors, none],
  "a failed change is taken back": [
    ["cameras/prophesee_evk4/update_failures_test.ts", "the registers are those of the configuration after a failure"],
    ["cameras/prophesee_evk3_hd/update_test.ts", "an update that fails at any exchange is taken back"],
    [vga, "an update that the camera refuses half-way leaves the configuration that was there"],
  ],
};
