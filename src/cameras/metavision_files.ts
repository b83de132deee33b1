/** Settings of cameras as files of Prophesee's Metavision, for programs: texts only, so they work in a web page, too. */

import { boolean, oneOf, options as optionsOf, text as textCheck } from "../checks.ts";
import { type Cameras, type CameraType, drivers } from "./cameras.ts";
import type { CameraDriver, MetavisionFiles } from "./driver.ts";

/** Whose settings a file holds. */
export interface FileOptions<Type extends CameraType = CameraType> {
  /** Type of the camera, for example `"prophesee-evk4"`: files do not say it. */
  readonly type: Type;
}

/** Options of {@link parseBiasFile}. */
export interface ParseBiasFileOptions<Type extends CameraType = CameraType> extends FileOptions<Type> {
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
 * `bias_refr` in files. `bias_diff` counts from code 77 in Metavision, whatever the chip holds, and from the chip's own
 * code here.
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
  options: ParseBiasFileOptions<Type>,
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
  options: FileOptions<Type>,
): string {
  return filesOf(checkFormatBiasFile(options).type).formatBiases(configuration);
}

const types = (Object.keys(drivers) as CameraType[]).filter((type) => drivers[type].metavisionFiles !== undefined);

const type = oneOf(types);

const checkParseBiasFile = optionsOf<ParseBiasFileOptions>(
  "parseBiasFile",
  { type, beyondRecommendedBiases: boolean },
  ["type"],
);
const checkFormatBiasFile = optionsOf<FileOptions>("formatBiasFile", { type }, ["type"]);

/** The type is one of those with files. */
function filesOf(type: CameraType): MetavisionFiles {
  return (drivers[type] as CameraDriver).metavisionFiles!;
}
