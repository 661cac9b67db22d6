/**
 * Every exported function refuses unknown options and surplus arguments. A function without a row here fails the test,
 * so new functions are covered.
 */

import { describe, expect, it } from "vitest";
import { losses, ops } from "../../ts/index.js";
import { type Call, PUBLIC_FUNCTIONS } from "../support/public-functions.js";
import { refusal } from "../support/refusal.js";

const x = [
  [1, 2],
  [3, 4],
];
const half = [
  [0.5, 0.5],
  [0.25, 0.75],
];

describe("a function refuses unused arguments", () => {
  it.each(PUBLIC_FUNCTIONS)("%s", (_, call, row) => {
    expect(row, "has a row").toBeDefined();
    const [required, byPosition = []] = row as Call;
    call(...required, ...byPosition);
    const unknown = refusal(() => call(...required, { zzz: 1 }));
    expect(unknown.code, unknown.stack).toMatch(/^ERR_(OPTION_UNKNOWN|ARGUMENT_COUNT)$/);
    const many = refusal(() => call(...required, ...byPosition, 1, 1));
    expect(many.code, many.stack).toBe("ERR_ARGUMENT_COUNT");
    const one = refusal(() => call(...required, ...byPosition, 1));
    expect(one.code, one.stack).toMatch(/^ERR_(ARGUMENT_COUNT|OPTION_TYPE)$/);
  });
});

describe("messages of the refusals", () => {
  const said: readonly (readonly [() => unknown, string, string])[] = [
    [
      () => ops.take(x, [0], { axsi: 1 } as never),
      "ERR_OPTION_UNKNOWN",
      'take does not know "axsi" (did you mean "axis"?). Its options are: axis.',
    ],
    [
      () => ops.matmul(x, x, { transpose_a: true } as never),
      "ERR_OPTION_UNKNOWN",
      'matmul does not know "transpose_a" (did you mean "transposeA"?). Its options are: transposeA, transposeB.',
    ],
    [
      () => ops.sum(x, { zzz: 1, keepDims: true } as never),
      "ERR_OPTION_UNKNOWN",
      'sum does not know "zzz", "keepDims" (did you mean "keepdims"?). Its options are: axis, keepdims.',
    ],
    [
      () => ops.gelu(x, { approximate: 1 } as never),
      "ERR_OPTION_TYPE",
      'gelu: "approximate" must be true or false, got 1.',
    ],
    [
      () => (ops.add as (...args: unknown[]) => unknown)(x, x, 1),
      "ERR_ARGUMENT_COUNT",
      "add takes at most 2 arguments, got 3.",
    ],
    [
      () => (ops.softmax as (...args: unknown[]) => unknown)(x, 0, { axis: 1 }),
      "ERR_OPTION_CONFLICT",
      'softmax: "axis" is passed twice, by position as 0 and by name as 1.',
    ],
    [
      () => ops.dense(x, x, null, "tanh" as never),
      "ERR_OPTION_RANGE",
      'dense: "activation" must be "relu" or "linear", got "tanh". Apply others to the result.',
    ],
    [
      () => ops.dropout(x, 0.5, 7 as never),
      "ERR_OPTION_TYPE",
      "dropout takes one object with options, such as { seed: ... }, got 7.",
    ],
    [
      () => losses.mse(half, half, { axis: 1 } as never),
      "ERR_OPTION_UNKNOWN",
      'meanSquaredError does not know "axis". It has no options.',
    ],
  ];
  it.each(said)("%s", (call, code, text) => {
    const error = refusal(call);
    expect([error.code, error.message]).toEqual([code, text]);
  });
});
