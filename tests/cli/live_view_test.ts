import assert from "node:assert/strict";
import { test } from "node:test";
import { gridFor, LiveView } from "../../src/cli/live_view.ts";

const evk4 = { width: 1280, height: 720 };

/** A terminal that keeps what is written. */
class FakeTerminal {
  columns: number;
  rows: number;
  writableNeedDrain = false;
  written = "";

  constructor(columns: number, rows: number) {
    this.columns = columns;
    this.rows = rows;
  }

  write(text: string): void {
    this.written += text;
  }

  /** What was written since the last call. */
  take(): string {
    const { written } = this;
    this.written = "";
    return written;
  }
}

test("the grid is as large as fits, its cells about square, its rows even", () => {
  assert.deepEqual(gridFor({ columns: 80, rows: 24 }, evk4), { columns: 74, rows: 42 });
  assert.deepEqual(gridFor({ columns: 40, rows: 50 }, evk4), { columns: 40, rows: 22 });
  assert.deepEqual(gridFor({ columns: 300, rows: 100 }, evk4), { columns: 160, rows: 90 });
  assert.deepEqual(gridFor({ columns: 0, rows: 0 }, evk4), { columns: 74, rows: 42 });
  assert.deepEqual(gridFor({}, evk4), { columns: 74, rows: 42 });
  for (let columns = 1; columns < 200; columns += 3) {
    for (let rows = 1; rows < 60; ++rows) {
      const grid = gridFor({ columns, rows }, evk4);
      assert.ok(grid.columns >= 1 && grid.columns <= columns, `${columns} x ${rows}`);
      assert.ok(
        grid.rows % 2 === 0 && grid.rows >= 2 && grid.rows / 2 <= Math.max(1, rows - 3),
        `${columns} x ${rows}`,
      );
    }
  }
});

test("the second picture is drawn over the first, and the cursor comes back", () => {
  const terminal = new FakeTerminal(16, 24);
  const view = new LiveView(terminal, evk4, "256", "title");
  assert.equal(terminal.take(), "\x1b[?25l");
  view.draw("first", 0);
  const first = terminal.take();
  const lines = first.split("\n").length - 1;
  assert.equal(lines, gridFor(terminal, evk4).rows / 2 + 2);
  assert.ok(first.startsWith("\x1b[?2026h\x1b[48;"), "nothing to go up over");
  assert.ok(first.includes("\ntitle\x1b[K\nfirst\x1b[K\n"));
  view.draw("second", 66);
  assert.ok(terminal.take().startsWith(`\x1b[?2026h\x1b[${lines}A\r`));
  view.close();
  assert.equal(terminal.take(), "\x1b[0m\x1b[?25h");
});

test("events show in the next picture and fade, with and without new ones", () => {
  const terminal = new FakeTerminal(16, 24);
  const view = new LiveView(terminal, evk4, "24-bit", "title");
  const event = (x: number) => ({ x: Uint16Array.of(x), y: Uint16Array.of(360), on: Uint8Array.of(1) });
  view.add(event(640), 0);
  terminal.take();
  view.draw("", 0);
  const fresh = /;2;170;127;53m/g;
  assert.equal(terminal.take().match(fresh)?.length, 1);
  view.add(event(0), 40);
  view.draw("", 40);
  assert.equal(terminal.take().match(fresh)?.length, 1, "only the new event is bright");
  view.draw("", 200);
  assert.ok(!/;2;[1-9]/.test(terminal.take()), "everything is black again");
});

test("a slow terminal gets fewer pictures and not a longer queue", () => {
  const terminal = new FakeTerminal(16, 24);
  const view = new LiveView(terminal, evk4, "256", "title");
  terminal.take();
  terminal.writableNeedDrain = true;
  view.draw("text", 0);
  assert.equal(terminal.take(), "");
  terminal.writableNeedDrain = false;
  view.draw("text", 66);
  assert.notEqual(terminal.take(), "");
});

test("text is cut at the terminal's width, because a wrapped line would move the picture", () => {
  const terminal = new FakeTerminal(20, 24);
  const view = new LiveView(terminal, evk4, "256", "title");
  view.draw("0123456789012345678901234567890", 0);
  assert.ok(terminal.take().includes("\n0123456789012345678\x1b[K\n"));
});

test("a new size clears the screen and makes a new grid", () => {
  const terminal = new FakeTerminal(16, 24);
  const view = new LiveView(terminal, evk4, "256", "title");
  view.draw("", 0);
  assert.ok(!terminal.take().includes("\x1b[2J"));
  terminal.columns = 40;
  view.draw("", 66);
  assert.ok(terminal.take().endsWith("\x1b[2J\x1b[H"));
  view.draw("", 132);
  assert.equal(terminal.take().split("\n").length - 1, gridFor(terminal, evk4).rows / 2 + 2);
});
