/** The types that options must have, by their names, as `typeof` tells them. */
export type OptionTypes<Options> = Readonly<Record<keyof Options, "string" | "number" | "boolean" | "object">>;

/**
 * Refuses what a function has no option for, and values of the wrong type; undefined stands for an absent one.
 *
 * @throws {TypeError} with the name, and the type that it must have.
 */
export function checkOptionTypes<Options extends object>(
  functionName: string,
  options: Options,
  types: OptionTypes<Options>,
): void {
  for (const [name, value] of Object.entries(options)) {
    if (!Object.hasOwn(types, name)) throw new TypeError(`${functionName} has no option "${name}"`);
    const type = types[name as keyof Options];
    if (value !== undefined && (typeof value !== type || value === null)) {
      throw new TypeError(`${name} must be of type ${type}, not ${value === null ? "null" : typeof value}`);
    }
  }
}
