import { expect, it } from "vitest";
import { GradientTape, memoryUse, ops, tensor, Variable } from "../../ts/index.js";
import { Random } from "../support/random.js";

const random = new Random(61);

it("a step of many operations allocates nothing after the first few", () => {
  const w = new Variable(random.values(12), { shape: [3, 4] });
  const x = tensor(random.values(24), [2, 3, 4]);
  const step = () => {
    const tape = new GradientTape();
    const loss = tape.run(() => {
      const y = ops.multiply(x, ops.add(w, ops.mean(w, { axis: 0 })));
      const z = ops.concatenate([ops.tanh(y), ops.transpose(y, [0, 2, 1]).shape.length > 0 ? y : x]);
      return ops.logsumexp(
        ops.pad(ops.reshape(z, [2, -1]), [
          [0, 0],
          [1, 1],
        ]),
      );
    });
    return tape.gradient(loss, w);
  };
  for (let i = 0; i < 10; i++) step();
  const { inUse } = memoryUse();
  for (let i = 0; i < 50; i++) step();
  expect(memoryUse().inUse).toBe(inUse);
});
