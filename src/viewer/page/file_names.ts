/** Names of the files that the page saves. */

/** A name from that of a source, and the local time: `prophesee-evk4_2026-11-28_21-05-09.png`. */
export function fileNameFor(source: string, date: Date, ending: string): string {
  const name = source.toLowerCase().replace(/\.[a-z0-9]{1,5}$/, "").replace(/[^a-z0-9]+/g, "-").replace(/^-+|-+$/g, "");
  const two = (value: number) => String(value).padStart(2, "0");
  const day = [date.getFullYear(), two(date.getMonth() + 1), two(date.getDate())].join("-");
  const time = [date.getHours(), date.getMinutes(), date.getSeconds()].map(two).join("-");
  return `${name || "events"}_${day}_${time}.${ending}`;
}
