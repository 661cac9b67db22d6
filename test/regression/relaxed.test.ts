/** Relaxed SIMD: products against float64, in engines that have it and in those that do not. */

import { expect, it } from "vitest";
import { initSync, layers, ops, tensor } from "../../ts/index.js";
import { thrown } from "../support/refusal.js";

/** `(module (func (param v128) (result v128) local.get 0 local.get 0 local.get 0 f32x4.relaxed_madd))`. */
const PROBE =
  "\0asm\u0001\0\0\0\u0001\u0006\u0001\u0060\u0001\u007b\u0001\u007b\u0003\u0002\u0001\0\u000a\u000d\u0001\u000b\0 \0 \0 \0\u00fd\u0085\u0002\u000b";
const has = WebAssembly.validate(Uint8Array.from(PROBE, (character) => character.charCodeAt(0)));
const values = (count: number, step: number) =>
  Float32Array.from({ length: count }, (_, i) => ((i * step) % 29) / 29 - 0.5);

it("is chosen once, before the first tensor, and refused for what cannot be changed", () => {
  expect(() => initSync({ relaxed: 1 as never })).toThrow(
    thrown("TypeError", "ERR_OPTION_TYPE", 'initSync: "relaxed" must be true or false, got 1.'),
  );
  expect(() => initSync({ relaxed: true, module: {} as never })).toThrow(
    thrown(
      "ModuleError",
      "ERR_MODULE_INVALID",
      'initSync: "relaxed" changes the module before it is compiled: pass { bytes } instead of { module }.',
    ),
  );
  expect(initSync({ relaxed: false })).toBe(false);
  expect(initSync({ relaxed: true })).toBe(has);
  expect(initSync({ relaxed: true })).toBe(has);
});

it.each([
  [64, 100, 33],
  [1, 70, 70],
  [5, 3, 2],
  [130, 300, 20],
])("a product of %i x %i by %i", (m, k, n) => {
  const [a, b] = [values(m * k, 7), values(k * n, 11)];
  const product = ops.matmul(ops.reshape(tensor(a), [m, k]), ops.reshape(tensor(b), [k, n])).value;
  for (let i = 0; i < m; i++) {
    for (let j = 0; j < n; j++) {
      let sum = 0;
      for (let p = 0; p < k; p++) sum += (a[i * k + p] as number) * (b[p * n + j] as number);
      expect(product[i * n + j]).toBeCloseTo(sum, 5);
    }
  }
});

it("a convolution", () => {
  const [size, from, to] = [9, 3, 10];
  const [x, kernel] = [values(size * size * from, 5), values(9 * from * to, 3)];
  const layer = new layers.Conv2D(to, 3, { inputShape: [size, size, from], useBias: false });
  layer.build([null, size, size, from]);
  layer.setWeights([ops.reshape(tensor(kernel), [3, 3, from, to])]);
  const y = layer.apply(ops.reshape(tensor(x), [1, size, size, from])).value;
  const out = size - 2;
  for (let i = 0; i < y.length; i++) {
    const [c, col, row] = [i % to, Math.floor(i / to) % out, Math.floor(i / to / out)];
    let sum = 0;
    for (let tap = 0; tap < 9 * from; tap++) {
      const [channel, across, down] = [tap % from, Math.floor(tap / from) % 3, Math.floor(tap / from / 3)];
      const pixel = ((row + down) * size + col + across) * from + channel;
      sum += (x[pixel] as number) * (kernel[tap * to + c] as number);
    }
    expect(y[i]).toBeCloseTo(sum, 5);
  }
});
