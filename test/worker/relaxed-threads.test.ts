/** setThreads(n, { relaxed: true }): products on threads of this program against float64, and refusals. */

import { ops, tensor } from "gradstep";
import { setThreads } from "gradstep/threads";
import { afterAll, expect, it } from "vitest";
import { hasRelaxedSimd } from "../../ts/runtime/relaxed.js";

const SIZE = 130;
const values = (step: number) => Float32Array.from({ length: SIZE * SIZE }, (_, i) => ((i * step) % 29) / 29 - 0.5);
const has = hasRelaxedSimd();

/** Elements of a product that differ from that of another rounding: float64 sums of float32 products, rounded as SIMD does. */
function differences(product: ArrayLike<number>, a: Float32Array, b: Float32Array): number {
  let count = 0;
  for (let i = 0; i < SIZE; i++) {
    for (let j = 0; j < SIZE; j++) {
      let [plain, exact] = [0, 0];
      for (let k = 0; k < SIZE; k++) {
        const [x, y] = [a[i * SIZE + k] as number, b[k * SIZE + j] as number];
        plain = Math.fround(plain + Math.fround(x * y));
        exact += x * y;
      }
      const value = product[i * SIZE + j] as number;
      expect(value).toBeCloseTo(exact, 4);
      if (value !== plain) count++;
    }
  }
  return count;
}

afterAll(() => setThreads(1));

it("refuses other options, before there are threads", () => {
  expect(() => setThreads(2, { relaxed: 1 as never })).toThrow('setThreads: "relaxed" must be true or false, got 1.');
  expect(() => setThreads(2, { fast: true } as never)).toThrow(
    'setThreads does not know "fast". Its options are: relaxed.',
  );
});

it("is kept, where the engine has it, and nowhere else", async () => {
  const [a, b] = [values(7), values(11)];
  expect(await setThreads(2, { relaxed: true })).toBe(2);
  const product = () => ops.matmul(tensor(a, [SIZE, SIZE]), tensor(b, [SIZE, SIZE])).array();
  const first = product();
  // Processors without such an instruction round twice; those of the tests have it.
  expect(differences(first, a, b) > 0).toBe(has);
  for (const threads of [1, 3, 2]) {
    await setThreads(threads);
    expect(product()).toEqual(first);
  }
  expect(await setThreads(2, { relaxed: false })).toBe(2);
  expect(await setThreads(1, { relaxed: true })).toBe(1);
});
