/** Boards by the number in RAW headers (`system_ID`): their sensor's size, and the encoding that they send by default. */

/** What is known of a board. */
export interface System {
  readonly width: number;
  readonly height: number;
  readonly encoding: "EVT2" | "EVT3";
}

const vga = { width: 640, height: 480 } as const;
const hd = { width: 1280, height: 720 } as const;

/** Source: the table of OpenEB's Prophesee plugin. */
export const systems: Readonly<Record<number, System>> = {
  21: { ...vga, encoding: "EVT2" },
  23: { ...vga, encoding: "EVT2" },
  25: { ...vga, encoding: "EVT2" },
  26: { ...hd, encoding: "EVT2" },
  28: { ...vga, encoding: "EVT2" },
  29: { ...vga, encoding: "EVT2" },
  30: { ...hd, encoding: "EVT3" },
  31: { ...hd, encoding: "EVT2" },
  33: { ...vga, encoding: "EVT2" },
  34: { ...vga, encoding: "EVT2" },
  35: { ...vga, encoding: "EVT2" },
  39: { ...hd, encoding: "EVT2" },
  40: { ...vga, encoding: "EVT3" },
  41: { ...vga, encoding: "EVT2" },
  46: { ...hd, encoding: "EVT3" },
  48: { ...hd, encoding: "EVT3" },
  49: { ...hd, encoding: "EVT3" },
  50: { ...hd, encoding: "EVT3" },
  151: { ...vga, encoding: "EVT2" },
  153: { ...vga, encoding: "EVT2" },
  161: { ...vga, encoding: "EVT2" },
  162: { ...vga, encoding: "EVT2" },
};
