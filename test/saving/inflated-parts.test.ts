/** Compressed data are unpacked as far as requested, and no further. */

import { expect, it } from "vitest";
import { inflated } from "../../ts/saving/formats/inflate.js";
import { Random } from "../support/random.js";

/** Some 300,000 bytes that pack to about as many, so that they are unpacked in several pieces. */
async function packed(): Promise<{ bytes: Uint8Array; packed: Uint8Array }> {
  const random = new Random(3);
  const bytes = Uint8Array.from({ length: 300_000 }, () => random.integer() % 251);
  const stream = new Blob([bytes]).stream().pipeThrough(new CompressionStream("deflate"));
  return { bytes, packed: new Uint8Array(await new Response(stream).arrayBuffer()) };
}

const same = (a: Uint8Array, b: Uint8Array) => a.length === b.length && a.every((byte, i) => byte === b[i]);

it("reads no further than the requested bytes", async () => {
  const { bytes, packed: good } = await packed();
  const bad = good.slice();
  // The checksum is damaged. Data before it would be other data: engines pack in different ways.
  for (let i = bad.length - 4; i < bad.length; i++) bad[i] = ~bad[i]!;
  const first = await inflated("a.h5", "a dataset", bad, 1000, "deflate");
  expect(same(first, bytes.subarray(0, 1000))).toBe(true);
  // One more than there is, so that the end is reached in every engine.
  const whole = inflated("a.h5", "a dataset", bad, bytes.length + 1, "deflate").then(({ length }) => length);
  await expect(whole).rejects.toThrow(/^a\.h5: a dataset cannot be unpacked: /);
  expect(same(await inflated("a.h5", "a dataset", good, bytes.length, "deflate"), bytes)).toBe(true);
});

it("returns fewer bytes at the end of the data", async () => {
  const { bytes, packed: good } = await packed();
  expect(same(await inflated("a.h5", "a dataset", good, bytes.length + 7, "deflate"), bytes)).toBe(true);
});
