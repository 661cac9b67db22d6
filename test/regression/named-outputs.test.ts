/**
 * Outputs by name, also a single one, where a caller has no names: in custom steps. Keras 3.15.1 behaves so.
 */

import { describe, expect, it } from "vitest";
import { Input, layers, Model, ops, type StepData, type Tensor, tensor } from "../../ts/index.js";

const { Dense } = layers;

describe("custom steps get labels in the caller's form", () => {
  const seen: unknown[] = [];
  class Own extends Model {
    override trainStep([x, y]: StepData) {
      seen.push(y);
      return { loss: ops.mean(ops.square(ops.subtract(named(this.apply(x as Tensor)).o!, first(y)))).item() };
    }
  }
  const named = (outputs: unknown) => outputs as Record<string, Tensor>;
  const first = (y: unknown): Tensor => ((y as { o?: Tensor }).o ?? (y as Tensor[])[0] ?? y) as Tensor;
  const x = Input({ shape: [2] });
  const o = new Dense(1, { kernelInitializer: "ones" }).apply(x);
  const one = tensor([[1]]);
  it.each([
    ["an array", { o }, [[1]], (y: unknown) => String(y)],
    ["an object", { o }, { o: [[1]] }, (y: unknown) => String(named(y).o)],
    ["a list", { o, p: o }, [[[1]], [[5]]], (y: unknown) => String((y as Tensor[])[0])],
    ["an object of two", { o, p: o }, { p: [[5]], o: [[1]] }, (y: unknown) => String(named(y).o)],
  ])("%s", async (_, outputs, y, read) => {
    const model = new Own({ inputs: x, outputs });
    model.compile({ optimizer: "sgd", loss: "mse" });
    const { history } = await model.fit([[1, 2]], y as never, { verbose: 0 });
    expect(history.loss).toEqual([4]);
    expect(read(seen.at(-1))).toBe(String(one));
  });
});
