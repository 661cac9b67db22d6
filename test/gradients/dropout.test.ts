import { describe, expect, it } from "vitest";
import { ops } from "../../ts/index.js";
import { type Input, ours } from "../support/peers.js";
import { Random } from "../support/random.js";

const random = new Random(13);
const x: Input = { data: random.values(60, 2), shape: [6, 10] };
const dy = random.values(60);

describe("dropout", () => {
  it("drops and scales the value and the gradient alike", () => {
    const { value, gradients } = ours((x) => ops.dropout(x, 0.25, { seed: 3 }), [x], dy);
    const kept = [...value].map((y) => y !== 0);
    const scale = (from: ArrayLike<number>) =>
      Float32Array.from(kept, (is, i) => (is ? (from[i] as number) * Math.fround(4 / 3) : 0));
    expect(value).toEqual(scale(x.data));
    expect(gradients[0]).toEqual(scale(dy));
    expect(kept.filter((is) => is).length).toBeGreaterThan(30);
    expect(kept.filter((is) => is).length).toBeLessThan(57);
  });

  it("of nothing changes nothing, of everything leaves zeros", () => {
    const none = ours((x) => ops.dropout(x, 0), [x], dy);
    expect([none.value, none.gradients[0]]).toEqual([x.data, dy]);
    const all = ours((x) => ops.dropout(x, 1), [x], dy);
    for (const numbers of [all.value, all.gradients[0] ?? []]) {
      expect([...numbers].every((y) => y === 0)).toBe(true);
    }
  });
});
