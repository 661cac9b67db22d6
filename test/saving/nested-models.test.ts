/**
 * Nested models with several inputs and outputs that real Keras 3.15.1 saved: their JSON and tables equal Keras's, predictions
 * too, and training continues as in Keras.
 */

import { describe, expect, it } from "vitest";
import { cloneModel, type Model, modelFromJSON, type Tensor, tensor } from "../../ts/index.js";
import { loadModel, loadWeights, saveModel } from "../../ts/saving/index.js";
import theirs from "../golden/nested-models.json" with { type: "json" };
import { unzippedOf } from "../support/bytes.js";
import { cutAs, tableOf } from "../support/summary-tables.js";

interface Array {
  readonly shape: readonly number[];
  readonly values: readonly number[];
}

interface Case {
  readonly files: Readonly<Record<string, string>>;
  readonly json: { readonly config: object };
  readonly summary: string;
  readonly names: readonly string[];
  readonly x: readonly Array[];
  readonly y: readonly Array[];
  readonly predicted: readonly Array[];
  readonly losses: readonly Readonly<Record<string, number>>[];
  readonly weights: readonly (readonly number[])[];
  readonly trainable: number;
}

const cases = Object.entries(theirs.cases as unknown as Readonly<Record<string, Case>>);
const tensors = (list: readonly Array[]) => {
  const all = list.map(({ shape, values }) => tensor(Float32Array.from(values), [...shape]));
  return (all.length === 1 ? all[0] : all) as Tensor<"float32">;
};

function expectClose(what: string, got: ArrayLike<number>, expected: readonly number[], tolerance = 1e-5): void {
  expect(got.length, what).toBe(expected.length);
  expected.forEach((value, i) => {
    expect(Math.abs(value - got[i]!), `${what}[${i}]`).toBeLessThan(tolerance * (1 + Math.abs(value)));
  });
}

async function expectPredicted(model: Model, one: Case): Promise<void> {
  const predicted = await model.predictAll(tensors(one.x));
  predicted.forEach((output, i) => {
    expectClose(`output ${i}`, output.array(), one.predicted[i]!.values);
  });
  expect(predicted).toHaveLength(one.predicted.length);
}

/**
 * Keras writes down that a nested model has no masks and is not compiled, and remembers that one input was given in a
 * list.
 */
const withoutEmpty = (json: object): object =>
  JSON.parse(
    JSON.stringify(json, (key, value) => {
      if (key === "mask" || key === "compile_config") return undefined;
      if (key === "input_layers" && value.length === 1) return value[0];
      return key === "args" && value.length === 1 && value[0].length === 1 ? value[0] : value;
    }),
  );

describe.each(cases)("%s", (_, one) => {
  it.each([
    [".keras", "keras"],
    [".h5", "h5"],
  ] as const)("%s: predictions and the next steps", async (ending, format) => {
    const model = await loadModel(await unzippedOf(one.files[ending]!), { format });
    expect(model.outputNames).toEqual(one.names);
    expect(model.trainableWeights).toHaveLength(one.trainable);
    await expectPredicted(model, one);
    for (const expected of one.losses) {
      const got = await model.trainOnBatch(tensors(one.x), tensors(one.y), { returnDict: true });
      expect(Object.keys(got)).toEqual(Object.keys(expected));
      expectClose("logs", Object.values(got), Object.values(expected), 1e-4);
    }
    for (const [i, expected] of one.weights.entries()) {
      expectClose(`weight ${i}`, model.getWeights()[i]!.data, expected, 1e-4);
    }
  });

  it("weights alone, a copy, and our own files", async () => {
    const model = modelFromJSON(one.json);
    await loadWeights(model, await unzippedOf(one.files[".weights.h5"]!), { format: "weights.h5" });
    await expectPredicted(model, one);
    const copy = cloneModel(model);
    copy.setWeights(model.getWeights());
    await expectPredicted(copy, one);
    for (const format of ["keras", "tfjs"] as const) {
      await expectPredicted(await loadModel(await saveModel(model, { format }), { format }), one);
    }
  });

  it("the JSON is Keras's", () => {
    const again = modelFromJSON(one.json).toJSON();
    expect(withoutEmpty(again.config)).toEqual(withoutEmpty(one.json.config));
    expect(modelFromJSON(again).toJSON().config).toEqual(again.config);
  });

  it("the table is Keras's", () => {
    const rows = tableOf(one.summary);
    expect(cutAs(rows, tableOf(modelFromJSON(one.json).summary(() => {})))).toEqual(rows);
  });
});
