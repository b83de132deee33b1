/**
 * What `console.log` and `util.inspect` show of an object. Without this it would be the object's functions, since what
 * it knows stands in private fields.
 */

/** Methods that runtimes ask for a text: all three take Node's, but Deno not for an `EventTarget`. */
const inspectionMethods: readonly symbol[] = [
  Symbol.for("nodejs.util.inspect.custom"),
  Symbol.for("Deno.customInspect"),
];

/** What is worth a look, by its name. */
export type Facts = { readonly [Name in string]: string | number | boolean | undefined | Facts };

/** Shows all objects of a class as `LABEL { NAME: FACT, … }`, for example `Device { serial: "00050ABC", closed: false }`. */
export function showAs<Shown extends object>(
  { prototype }: { readonly prototype: Shown },
  label: string,
  facts: (shown: Shown) => Facts,
): void {
  const value = function (this: Shown): string {
    // The prototype itself has no private fields.
    return this === prototype ? label : `${label} { ${listed(facts(this))} }`;
  };
  for (const method of inspectionMethods) Object.defineProperty(prototype, method, { value });
}

function listed(facts: Facts): string {
  return Object.entries(facts).map(([name, fact]) => `${name}: ${shown(fact)}`).join(", ");
}

function shown(fact: Facts[string]): string {
  if (typeof fact === "object") return `{ ${listed(fact)} }`;
  return typeof fact === "string" ? JSON.stringify(fact) : String(fact);
}
