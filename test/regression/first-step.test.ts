/**
 * A first step that is refused leaves the optimizer as new: it can be built for other variables.
 */

import { expect, it } from "vitest";
import { memoryUse, tensor, Variable } from "../../ts/index.js";
import { PLAIN_TRIALS, started } from "../support/optimizers.js";
import { refusal } from "../support/refusal.js";

it.each(PLAIN_TRIALS.map((trial) => [trial.className, trial] as const))("%s", (_, trial) => {
  const optimizer = started(trial);
  const [first, second] = [
    new Variable(
      [
        [1, 2],
        [3, 4],
      ],
      { name: "first" },
    ),
    new Variable([1, 2, 3], { name: "second" }),
  ];
  const before = memoryUse().inUse;
  // The first row is as it should be: the second is found out while the values are copied.
  expect(refusal(() => optimizer.apply([[[1, 2], [3]]], [first]))).toHaveProperty("code", "ERR_VALUES_SHAPE");
  expect(
    refusal(() =>
      optimizer.apply(
        [
          [
            [1, 2],
            ["3", 4],
          ],
        ] as never,
        [first],
      ),
    ),
  ).toHaveProperty("code", "ERR_VALUES_DTYPE");
  expect([optimizer.built, optimizer.iterations, memoryUse().inUse]).toEqual([false, 0, before]);
  const gradient = tensor([1, 2, 3]);
  expect(optimizer.apply([gradient], [second])).toBe(1);
  expect([...first.value]).toEqual([1, 2, 3, 4]);
  for (const made of [optimizer, first, second, gradient]) made.dispose();
});
