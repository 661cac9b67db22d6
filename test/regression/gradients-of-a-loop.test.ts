/** A tape's gradients in a loop that is not a step itself: with several replicas applyGradients took their memory for its sums. */

import { afterEach, expect, it } from "vitest";
import { ReplicaGroup, setReplicaContext } from "../../ts/distribute/index.js";
import { GradientTape, getReplicaContext, ops, SGD, type Tensor, Variable, zip } from "../../ts/index.js";

/** Two replicas that do the same. */
class Twins extends ReplicaGroup {
  readonly rank = 0;
  readonly size = 2;
  barrier(): void {}
  close(): void {}
  abort(): void {}
  exchange(value: number): Int32Array {
    return Int32Array.of(value, value);
  }
  protected sum(data: Float32Array): void {
    data.forEach((value, i) => {
      data[i] = 2 * value;
    });
  }
  protected copy(): void {}
}

afterEach(() => setReplicaContext(null));

it.each(["applyGradients", "apply"] as const)("%s reads them, and leaves the step's values as they are", (way) => {
  setReplicaContext(new Twins());
  const w = new Variable([1, 2, 3]);
  const v = new Variable(new Float32Array(1000).fill(1));
  const optimizer = new SGD({ learningRate: 0.25 });
  for (let step = 1; step <= 3; step++) {
    const tape = new GradientTape();
    const loss = tape.run(() => ops.add(ops.sum(ops.multiply(ops.square(w), 0.5)), ops.sum(v)));
    const gradients = tape.gradient(loss, [w, v]);
    const before = loss.item();
    if (way === "apply") optimizer.apply(gradients, [w, v]);
    else optimizer.applyGradients(zip(gradients, [w, v]));
    expect(loss.item()).toBe(before);
    expect(gradients[1]?.array()).toEqual(new Float32Array(1000).fill(1));
    expect(w.array()).toEqual(Float32Array.of(0.5 ** step, 2 * 0.5 ** step, 3 * 0.5 ** step));
    expect(v.array()[999]).toBe(1 - 0.5 * step);
  }
});

it("a gradient of a gradient that allReduce changed is refused; alone it changes nothing", () => {
  const w = new Variable([1, 2, 3]);
  const ask = (group: ReplicaGroup) => {
    const outer = new GradientTape();
    const sum = outer.run(() => {
      const inner = new GradientTape();
      const gradient = inner.gradient(
        inner.run(() => ops.power(w, 3)),
        w,
      ) as Tensor;
      return ops.sum(group.allReduce("sum", gradient));
    });
    return outer.gradient(sum, w);
  };
  expect(() => ask(new Twins())).toThrowError(expect.objectContaining({ code: "ERR_TAPE" }));
  expect(ask(getReplicaContext())?.array()).toEqual(new Float32Array([6, 12, 18]));
});
