import "../../../../mod.ts"; // gives the library
import assert from "node:assert/strict";
import { test } from "node:test";
import { Picture } from "../../../../src/viewer/page/renderer/picture.ts";
import { defaultStyle, styleChoices, type StyleName } from "../../../../src/viewer/page/styles.ts";
import { packetWith } from "../../testing/packets.ts";

const geometry = { width: 4, height: 1 };

/** A picture, and where it has another colour than a pixel without events. */
async function begin(name: StyleName) {
  let pixels: Uint8ClampedArray = new Uint8ClampedArray();
  const picture = await Picture.begin(geometry, { ...defaultStyle, name }, (shown) => pixels = shown);
  return {
    picture,
    lit(time: number): number[] {
      picture.draw(time);
      const empty = pixels.slice(-4).join(); // the tests put no event there
      return Array.from({ length: geometry.width }, (_, x) => x)
        .filter((x) => pixels.slice(4 * x, 4 * x + 4).join() !== empty);
    },
  };
}

test("a packet that comes right after a change of style is in the new picture, of each style", async () => {
  for (const { name: from } of styleChoices) {
    for (const { name } of styleChoices) {
      const { picture, lit } = await begin(from);
      picture.setStyle({ ...picture.style, name });
      assert.equal(picture.style.name, name);
      picture.add(packetWith([[1000, 1, 0, 1]]));
      await Promise.resolve();
      picture.add(packetWith([[1001, 2, 0, 0]]));
      assert.deepEqual(lit(1002), [1, 2], `${from} to ${name}`);
      picture.close();
    }
  }
});

test("styles of the last event share what they know; a count begins anew", async () => {
  const { picture, lit } = await begin("decay");
  picture.add(packetWith([[1000, 1, 0, 1]]));
  picture.setStyle({ ...picture.style, name: "window" });
  assert.deepEqual(lit(1001), [1]);
  picture.setStyle({ ...picture.style, name: "total" });
  assert.deepEqual(lit(1001), []);
  picture.add(packetWith([[1000, 2, 0, 1]]));
  picture.setStyle({ ...picture.style, colorMap: "gray" });
  assert.deepEqual(lit(1001), [2]);
  picture.clear();
  assert.deepEqual(lit(1001), []);
  picture.close();
});

test("where no accumulator can be made, the old style stays in force with its events", async () => {
  const { picture, lit } = await begin("decay");
  picture.add(packetWith([[1000, 1, 0, 1]]));
  assert.throws(() => picture.setStyle({ ...picture.style, name: "count", tauUs: NaN }), { name: "RangeError" });
  assert.equal(picture.style.name, "decay");
  assert.deepEqual(lit(1001), [1]);
  picture.close();
});

test("a hundred changes of style leave no accumulator behind", async () => {
  const { picture } = await begin("decay");
  for (let change = 0; change < 100; change++) {
    picture.setStyle({ ...picture.style, name: change % 2 === 0 ? "total" : "count" });
  }
  picture.close();
});

test("a time beyond those of an accumulator, which a file may have, is drawn as the latest one", async () => {
  const { picture, lit } = await begin("total");
  picture.add(packetWith([[1000, 1, 0, 1]]));
  assert.equal(picture.add(packetWith([[2 ** 52, 2, 0, 1]])).outside, 1);
  assert.deepEqual(lit(2 ** 52), [1]);
  picture.close();
});
