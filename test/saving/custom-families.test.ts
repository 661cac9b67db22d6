/** Custom classes and functions of every family through files, JSON and clones: training continues with the same bits. */

import { describe, expect, it } from "vitest";
import * as gradstep from "../../ts/index.js";
import { loadModel, loadWeights, saveModel, saveWeights } from "../../ts/saving/index.js";
import { customFamilies } from "../support/custom-families.js";

const { customObjects, made } = customFamilies(gradstep);
const { cloneModel, layers, modelFromJSON, Sequential, setRandomSeed, stringify } = gradstep;
const x = Array.from({ length: 24 }, (_, i) => Array.from({ length: 6 }, (_, k) => Math.sin(i * 6 + k)));
const y = x.map((row) => [row[0]! * row[1]!]);
const options = { batchSize: 8, verbose: 0 } as const;

const KINDS = ["classes", "functions"] as const;
type Kind = (typeof KINDS)[number];
/** The function's name, and the class's, of each family. */
const FAMILIES = {
  activation: ["bent", "Scaled"],
  kernelInitializer: ["filled", "Steps"],
  kernelRegularizer: ["pull", "Sum"],
  kernelConstraint: ["clamp", "Small"],
  loss: ["cubic", "Fourth"],
  metric: ["largest", "Twice"],
} as const;

function network(kind: Kind): gradstep.Sequential {
  setRandomSeed(4);
  const of = (family: keyof typeof FAMILIES) => {
    const [fn, name] = FAMILIES[family];
    // A layer as an activation has weights, which files find by its name.
    return kind === "functions"
      ? (customObjects[fn] as never)
      : made(name, ...(name === "Scaled" ? [{ name: "bend" }] : []));
  };
  const model = new Sequential([
    new layers.Dense(3, {
      inputShape: [6],
      name: "first",
      activation: of("activation"),
      kernelInitializer: of("kernelInitializer"),
      kernelRegularizer: of("kernelRegularizer"),
      kernelConstraint: of("kernelConstraint"),
    }),
    made("Scaled", { name: "scaled" }),
    made("Around", new layers.Dense(3, { kernelInitializer: made("Steps"), name: "inner" }), { name: "around" }),
    new layers.Lambda(customObjects.stretched as never, { arguments: { factor: 0.5 }, outputShape: [3] }),
    new layers.Dropout(0.25),
    new Sequential([new layers.Dense(1, { name: "last" })]),
  ]);
  const optimizer = made("Signs", {
    learningRate: made("Halving", 0.125),
    share: 0.25,
    useEma: true,
    weightDecay: 0.01,
  });
  model.compile({ optimizer, loss: of("loss"), metrics: [of("metric")] });
  return model;
}

const bits = (model: gradstep.Model) =>
  [...model.getWeights(), ...(model.optimizer?.getWeights() ?? [])].map(({ data }) => [...data]);

describe.each(KINDS)("%s of all families", (kind) => {
  it.each(["keras"] as const)("a whole model as %s", async (format) => {
    const model = network(kind);
    await model.fit(x, y, { ...options, epochs: 2 });
    const bytes = await saveModel(model, { format });
    const again = await loadModel(bytes, { format, customObjects: customObjects as never });
    expect(bits(again)).toEqual(bits(model));
    const histories = [];
    for (const one of [model, await loadModel(bytes, { format, customObjects: customObjects as never })]) {
      histories.push((await one.fit(x, y, { ...options, epochs: 2, shuffle: false })).history);
    }
    expect(histories[1]).toEqual(histories[0]);
    await again.fit(x, y, { ...options, epochs: 2, shuffle: false });
    expect(bits(again)).toEqual(bits(model));
  });

  it.each(["safetensors", "npz", "weights.h5"] as const)("weights as %s", async (format) => {
    const model = network(kind);
    await model.fit(x, y, { ...options, epochs: 2 });
    const again = network(kind);
    await loadWeights(again, await saveWeights(model, { format }), { format });
    for (const one of [model, again]) await one.fit(x, y, { ...options, epochs: 2, shuffle: false });
    expect(bits(again)).toEqual(bits(model));
  });

  it("JSON, twice the same", async () => {
    const model = network(kind);
    const text = stringify(model);
    const again = modelFromJSON(text, customObjects as never);
    expect(stringify(again)).toBe(text);
    again.setWeights(model.getWeights());
    expect([...(await again.predict(x, { verbose: 0 })).array()]).toEqual([
      ...(await model.predict(x, { verbose: 0 })).array(),
    ]);
  });

  it("a clone, which needs no names", async () => {
    const model = network(kind);
    const clone = cloneModel(model);
    clone.setWeights(model.getWeights());
    const [here, there] = [await model.predict(x, { verbose: 0 }), await clone.predict(x, { verbose: 0 })];
    expect([...there.array()]).toEqual([...here.array()]);
  });

  const names = [
    ...Object.values(FAMILIES).map(([fn, name]) => (kind === "functions" ? fn : name)),
    ...["Signs", "Halving", "Around", "stretched", "Steps"],
  ];
  it.each([...new Set(names)])(
    "%s: a missing class is requested by name, and nothing of the file is kept",
    async (name) => {
      const bytes = await saveModel(network(kind), { format: "keras" });
      const { [name]: _, ...others } = customObjects;
      await expect(loadModel(bytes, { format: "keras", customObjects: others as never })).rejects.toMatchObject({
        code: expect.stringMatching(/^ERR_CONFIG_(UNKNOWN_CLASS|INVALID)$/),
        message: expect.stringContaining(name),
      });
    },
  );
});
