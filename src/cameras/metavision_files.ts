/** Settings of cameras as files of Prophesee's Metavision, for programs: texts only, so they work in a web page, too. */

import { boolean, oneOf, options as optionsOf, text as textCheck } from "../checks.ts";
import type { Cameras, CameraType } from "./cameras.ts";
import { formatBiases, parseBiases } from "./imx636/bias_file.ts";
import { parseSettings } from "./imx636/camera_settings.ts";
import { formatSettings } from "./imx636/camera_settings_text.ts";

/** Whose settings a file holds. */
export interface FormatFileOptions<Type extends CameraType = CameraType> {
  /** Type of the camera, for example `"prophesee-evk4"`: files do not say it. */
  readonly type: Type;
}

/** Options of {@link parseBiasFile} and {@link parseCameraSettings}. */
export interface ParseFileOptions<Type extends CameraType = CameraType> extends FormatFileOptions<Type> {
  /** True: values may lie beyond the recommended ranges, which the result then says, too. Default false. */
  readonly beyondRecommendedBiases?: boolean | undefined;
}

/**
 * Reads the text of a Metavision bias file (`*.bias`): what `open` takes as a configuration, and `updateConfiguration` as
 * changes. Biases that the file does not name stay as they are. The values are offsets from the chip's own codes, as in
 * Metavision.
 *
 * The file has a line for each bias, with its value, a separator and its name. Lines that begin with `%` may come before
 * them, and an empty line ends them. An IMX636 has `bias_diff`, `bias_diff_off`, `bias_diff_on`, `bias_fo`, `bias_hpf` and
 * `bias_refr` in files. `bias_diff` counts from code 77 in Metavision, also where the chip holds another, and from the
 * chip's own code here.
 *
 * @throws {SyntaxError} with the line, for one that is no bias, and for two values of one name.
 * @throws {TypeError} with the line, for a name that the sensor does not have; for a text or options of the wrong type.
 * @throws {RangeError} with the line, for a value out of its range; what the chip itself allows is known at `open`.
 *
 * @example
 * ```ts
 * import { formatBiasFile, open, parseBiasFile } from "@neuromorphic/drivers";
 *
 * const type = "prophesee-evk4";
 * const text = "15   % bias_diff_on\n-5   % bias_diff_off\n"; // for example read by node:fs
 * await using device = await open({ libusb: "virtual", type, configuration: parseBiasFile(text, { type }) });
 * console.log(device.configuration.biases.diffOn, device.configuration.biases.diffOff); // 15 -5
 * console.log(formatBiasFile(device.configuration, { type }).includes("15   % bias_diff_on")); // true
 * ```
 */
export function parseBiasFile<Type extends CameraType>(
  text: string,
  options: ParseFileOptions<Type>,
): Cameras[Type]["changes"] {
  const { type, beyondRecommendedBiases = false } = checkParseBiasFile(options);
  const { parseBiases } = filesOf(type);
  return parseBiases(textCheck(text, "text"), beyondRecommendedBiases) as Cameras[Type]["changes"];
}

/**
 * Writes the biases of a configuration as the text of a Metavision bias file, byte by byte as Metavision does: all biases
 * that it knows, in alphabetical order.
 *
 * @throws {RangeError} for an offset that the file has no place for: on an IMX636, one of `pr`, `inv`, `reqpuy`, `reqpux`,
 * `sendreqpdy`, `unknown1` and `unknown2` that is not 0.
 * @throws {TypeError | RangeError} for what is no configuration of such a camera, and for wrong options.
 *
 * @example
 * ```ts
 * import { formatBiasFile, open } from "@neuromorphic/drivers";
 *
 * const type = "prophesee-evk4";
 * await using device = await open({ libusb: "virtual", type, configuration: { biases: { fo: -10 } } });
 * console.log(formatBiasFile(device.configuration, { type })); // six lines: 0    % bias_diff …
 * ```
 */
export function formatBiasFile<Type extends CameraType>(
  configuration: Cameras[Type]["configuration"],
  options: FormatFileOptions<Type>,
): string {
  return filesOf(checkFormatBiasFile(options).type).formatBiases(configuration);
}

/** What a file of camera settings says. */
export interface CameraSettings<Type extends CameraType = CameraType> {
  /** What `open` takes as a configuration, and `updateConfiguration` as changes. */
  readonly configuration: Cameras[Type]["changes"];
  /** What is not in `configuration`: paths of unknown names and of parts without effect, `"trigger_out_state"`. */
  readonly ignored: readonly string[];
}

/**
 * Reads the text of Metavision's camera settings (JSON): those that Metavision Studio saves, or `Camera::save` of its
 * SDK. Sections that the text does not have stay as they are. All of it is checked before anything is returned.
 *
 * Biases are offsets, as in {@link parseBiasFile}. A feature that is off is null; its figures are left out. A region is a window
 * or lines of columns and rows; where the text has both, the lines apply, as in Metavision. A rate is a count in 200 µs.
 *
 * @throws {SyntaxError} for a text that is no JSON; an empty text says nothing.
 * @throws {TypeError} with the path, for a value of the wrong type, for a bias or an enabled section of another sensor, for
 * accesses to single registers, and for one thing that is given twice; for a text or options of the wrong type.
 * @throws {RangeError} with the path, for a value out of its range.
 *
 * @example
 * ```ts
 * import { open, parseCameraSettings } from "@neuromorphic/drivers";
 *
 * const text = `{
 *   "ll_biases_state": { "bias": [{ "name": "bias_fo", "value": -10 }] },
 *   "event_trail_filter_state": { "enabled": true, "filtering_type": "STC_CUT_TRAIL", "threshold": 10000 }
 * }`;
 * const type = "prophesee-evk4";
 * const { configuration, ignored } = parseCameraSettings(text, { type });
 * if (ignored.length > 0) console.log(`ignored: ${ignored.join(", ")}`);
 * await using device = await open({ libusb: "virtual", type, configuration });
 * console.log(device.configuration.biases.fo, device.configuration.trailFilter?.thresholdUs); // -10 10000
 * ```
 */
export function parseCameraSettings<Type extends CameraType>(
  text: string,
  options: ParseFileOptions<Type>,
): CameraSettings<Type> {
  const { type, beyondRecommendedBiases = false } = checkParseSettings(options);
  const settings = filesOf(type).parseSettings(textCheck(text, "text"), beyondRecommendedBiases);
  return settings as CameraSettings<Type>;
}

/**
 * Writes a configuration as Metavision's camera settings, byte by byte as Metavision does for the same settings.
 *
 * @throws {RangeError} for what the file has no place for. On an IMX636 that is, where it is not the default: the biases
 * that {@link formatBiasFile} refuses, `output`, `eventFormat`, `packetPeriodUs`, `digitalCrop.resetOrigin`, and of the rate
 * limiter a period other than 200 µs and more than 640000 events in it.
 * @throws {TypeError | RangeError} for what is no configuration of such a camera, and for wrong options.
 *
 * @example
 * ```ts
 * import { formatCameraSettings, open, parseCameraSettings } from "@neuromorphic/drivers";
 *
 * const type = "prophesee-evk4";
 * await using device = await open({ libusb: "virtual", type, configuration: { biases: { diffOn: 15 } } });
 * const text = formatCameraSettings(device.configuration, { type });
 * console.log(parseCameraSettings(text, { type }).configuration.biases?.diffOn); // 15
 * ```
 */
export function formatCameraSettings<Type extends CameraType>(
  configuration: Cameras[Type]["configuration"],
  options: FormatFileOptions<Type>,
): string {
  return filesOf(checkFormatSettings(options).type).formatSettings(configuration);
}

/** Texts of Metavision's files. Nothing here reads or writes a file. */
interface MetavisionFiles<Configuration, Changes> {
  /**
   * The biases of a `*.bias` file. Throws a `SyntaxError`, a `TypeError` or a `RangeError` with the line;
   * `beyondRecommendedBiases` allows all values that a chip may have.
   */
  parseBiases(text: string, beyondRecommendedBiases: boolean): Changes;
  /** The text of a `*.bias` file. Throws a `RangeError` for what such a file cannot hold. */
  formatBiases(configuration: Configuration): string;
  /** What a file of camera settings says, and paths of what is ignored. Throws as {@link parseBiases}, with the path. */
  parseSettings(
    text: string,
    beyondRecommendedBiases: boolean,
  ): { readonly configuration: Changes; readonly ignored: readonly string[] };
  /** The text of a file of camera settings. Throws a `RangeError` for what such a file cannot hold. */
  formatSettings(configuration: Configuration): string;
}

/** The cameras that Metavision's files of this library are for. */
const files: {
  readonly [Type in CameraType]?: MetavisionFiles<Cameras[Type]["configuration"], Cameras[Type]["changes"]>;
} = { "prophesee-evk4": { parseBiases, formatBiases, parseSettings, formatSettings } };

const types = Object.keys(files) as CameraType[];

const parseChecks = { type: oneOf(types), beyondRecommendedBiases: boolean };
const checkParseBiasFile = optionsOf<ParseFileOptions>("parseBiasFile", parseChecks, ["type"]);
const checkParseSettings = optionsOf<ParseFileOptions>("parseCameraSettings", parseChecks, ["type"]);

const formatChecks = { type: oneOf(types) };
const checkFormatBiasFile = optionsOf<FormatFileOptions>("formatBiasFile", formatChecks, ["type"]);
const checkFormatSettings = optionsOf<FormatFileOptions>("formatCameraSettings", formatChecks, ["type"]);

/** The type is one of those with files. */
function filesOf(type: CameraType): MetavisionFiles<unknown, unknown> {
  return files[type] as MetavisionFiles<unknown, unknown>;
}
