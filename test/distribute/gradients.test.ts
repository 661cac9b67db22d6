/** applyGradients over replicas: both halves of the documented page's example, and refusals. */

import { Adam, LossScaleOptimizer, SGD, Variable, zip } from "gradstep";
import { describe, expect, it } from "vitest";
import { onReplicas, valuesOf } from "./replicas.js";

/** Every replica has its own gradients; all of them have the same weights before and after. */
const START = `
  const w = new gradstep.Variable([[1, 2], [3, 4]], { name: "w" });
  const b = new gradstep.Variable([5], { name: "b" });
  const vars = [w, b];
  const tape = new gradstep.GradientTape();
  const loss = tape.run(() => gradstep.ops.sum(gradstep.ops.multiply(gradstep.ops.sum(w), gradstep.ops.multiply(b, rank + 1))));
  const gradients = tape.gradient(loss, vars);
  const all = () => vars.flatMap((variable) => [...variable.array()]);
  const refused = (work) => { try { work(); return "done"; } catch (error) { return [error.name, error.code, error.replica]; } };
  setReplicaContext(group);`;

/** The same here, with the sums: the gradient of w is b = 5, that of b is 10, times rank + 1. */
function expected(make: () => SGD | Adam, factor: number, apply = false): number[] {
  const variables = [new Variable([[1, 2], [3, 4]]), new Variable([5])]; // biome-ignore format: a matrix
  const gradients = [new Float32Array(4).fill(5 * factor), new Float32Array([10 * factor])];
  const optimizer = make();
  if (apply) optimizer.apply(gradients, variables);
  else optimizer.applyGradients(zip(gradients, variables));
  return variables.flatMap((variable) => [...variable.array()]);
}

describe("applyGradients", () => {
  it("sums over the replicas, and leaves the caller's gradients as they are", async () => {
    const values = await valuesOf<[number[], number[], number]>(
      2,
      `${START}
       const optimizer = new gradstep.SGD({ learningRate: 0.125 });
       const count = optimizer.applyGradients(gradstep.zip(gradients, vars));
       return [all(), [...gradients[0].array(), ...gradients[1].array()], count];`,
    );
    values.forEach(([weights, gradients, count], rank) => {
      expect(weights).toEqual(expected(() => new SGD({ learningRate: 0.125 }), 3));
      expect(gradients).toEqual([5, 5, 5, 5, 10].map((value) => value * (rank + 1)));
      expect(count).toBe(1);
    });
  });

  it("refuses row gradients on every replica", async () => {
    const values = await valuesOf<string[]>(
      2,
      `setReplicaContext(group);
       const layer = new gradstep.layers.Embedding(3, 2, { sparseGradient: true, name: "words" });
       layer.build([null]);
       const tape = new gradstep.GradientTape();
       const loss = tape.run(() => gradstep.ops.sum(layer.apply([1])));
       const gradient = tape.gradient(loss, layer.embeddings);
       try { new gradstep.SGD({ name: "mine" }).apply([gradient], [layer.embeddings]); } catch (error) { return [error.code, error.message]; }`,
    );
    for (const [code, message] of values) {
      expect(code).toBe("ERR_OPTION_CONFLICT");
      expect(message).toBe(
        'mine: "words/embeddings" has a row gradient (sparseGradient: true), which replicas do not sum. Make the layer without sparseGradient.',
      );
    }
  });

  it("does not with experimentalAggregateGradients: false; allReduce by hand gives the same", async () => {
    const values = await valuesOf<number[]>(
      2,
      `${START}
       const grads = getReplicaContext().allReduce("sum", gradients);
       new gradstep.SGD({ learningRate: 0.125 }).applyGradients(gradstep.zip(grads, vars), { experimentalAggregateGradients: false });
       return all();`,
    );
    for (const weights of values) expect(weights).toEqual(expected(() => new SGD({ learningRate: 0.125 }), 3));
    const alone = await valuesOf<number[]>(
      2,
      `${START}
       new gradstep.SGD({ learningRate: 0.125 }).applyGradients(gradstep.zip(gradients, vars), { experimentalAggregateGradients: false });
       return all();`,
    );
    alone.forEach((weights, rank) => {
      expect(weights).toEqual(expected(() => new SGD({ learningRate: 0.125 }), rank + 1));
    });
  });

  it("apply and minimize sum as well, and clip the sums", async () => {
    const make = () => new SGD({ learningRate: 0.125, globalClipnorm: 1 });
    const values = await valuesOf<[number[], number[]]>(
      2,
      `${START}
       const make = () => new gradstep.SGD({ learningRate: 0.125, globalClipnorm: 1 });
       make().apply(gradients, vars);
       const first = all();
       w.assign([[1, 2], [3, 4]]); b.assign([5]);
       const { ops } = gradstep;
       make().minimize(() => ops.sum(ops.multiply(ops.sum(w), ops.multiply(b, rank + 1))), vars);
       return [first, all()];`,
    );
    for (const [applied, minimized] of values) {
      expect(applied).toEqual(expected(make, 3, true));
      expect(minimized).toEqual(applied);
    }
  });

  it("takes gradients of all kinds, missing ones, and a loss scale", async () => {
    const values = await valuesOf<[number[], number[], number]>(
      2,
      `${START}
       const sgd = new gradstep.SGD({ learningRate: 1 });
       console.warn = () => {};
       sgd.applyGradients([[[[1, 0], [0, rank]], w], [null, b]]);
       const nested = all();
       const scaled = new gradstep.LossScaleOptimizer(new gradstep.SGD({ learningRate: 1 }), { initialScale: 4 });
       scaled.applyGradients([[new Float32Array([4, 4, 4, rank === 1 ? Infinity : 4]), w], [[8], b]]);
       return [nested, all(), scaled.dynamicScale];`,
    );
    for (const [nested, scaled, scale] of values) {
      expect(nested).toEqual([-1, 2, 3, 3, 5]);
      // One replica's gradient is not finite: none takes the step.
      expect(scaled).toEqual(nested);
      expect(scale).toBe(2);
    }
    expect(new LossScaleOptimizer(new SGD(), { initialScale: 4 }).dynamicScale).toBe(4);
  });

  it.each([
    ["a shape that does not fit", "[[rank === 1 ? new Float32Array(3) : gradients[0], w], [gradients[1], b]]"],
    ["malformed pairs", "rank === 1 ? [[gradients[0]]] : gradstep.zip(gradients, vars)"],
    ["ragged numbers", "[[rank === 1 ? [[1, 2], [3]] : [[1, 2], [3, 4]], w], [gradients[1], b]]"],
    ["no gradient at all", "rank === 1 ? [[null, w], [null, b]] : gradstep.zip(gradients, vars)"],
    ["an unknown variable", "[[gradients[0], rank === 1 ? new gradstep.Variable([[1, 2], [3, 4]]) : w]]"],
  ])("is refused on all replicas for %s on one of them, before anything is summed", async (_, pairs) => {
    const outcomes = await onReplicas(
      2,
      `${START}
       const adam = new gradstep.Adam();
       adam.build(vars);
       const told = refused(() => adam.applyGradients(${pairs}));
       const kept = all();
       adam.applyGradients(gradstep.zip(gradients, vars));
       return [told, kept, adam.iterations, all()];`,
    );
    const own = outcomes.map(({ value }) => value as [string[], number[], number, number[]]);
    expect(own[0]?.[0]).toEqual(["ReplicaError", "ERR_REPLICA_REFUSED", 1]);
    expect(own[1]?.[0][0]).toMatch(/ValueError|TypeError/);
    for (const [, kept, iterations, after] of own) {
      expect(kept).toEqual([1, 2, 3, 4, 5]);
      expect(iterations).toBe(1);
      expect(after).toEqual(expected(() => new Adam(), 3));
    }
  });

  it.each([
    ["other gradients are missing", "rank === 1 ? [[gradients[0], w], [null, b]] : gradstep.zip(gradients, vars)"],
    ["there is nothing on one", "rank === 1 ? [] : gradstep.zip(gradients, vars)"],
  ])("is refused on all replicas when %s", async (_, pairs) => {
    const values = await valuesOf<[string[], number[]]>(
      2,
      `${START}
       return [refused(() => new gradstep.Adam().applyGradients(${pairs})), all()];`,
    );
    for (const [told, kept] of values) {
      expect(told).toEqual(["ReplicaError", "ERR_REPLICA_MISMATCH", 1]);
      expect(kept).toEqual([1, 2, 3, 4, 5]);
    }
  });

  it("has nothing to do for no pairs on all", async () => {
    const values = await valuesOf<number>(
      2,
      "setReplicaContext(group); return new gradstep.SGD().applyGradients([]) + group.size;",
    );
    expect(values).toEqual([2, 2]);
  });
});
