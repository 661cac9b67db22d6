/** Models that Keras and gradstep read from each other's texts: they learn the same, and keep the arguments of their calls. */

import { describe, expect, it } from "vitest";
import { type layers, type Model, modelFromJSON, stringify } from "../../../ts/index.js";
import { MODELS } from "../../golden/text-cases.js";
import texts from "../../golden/texts.json" with { type: "json" };
import golden from "../../golden/training/model-texts.json" with { type: "json" };
import { thrown } from "../../support/refusal.js";
import { expectClose, numbers, tensorOf } from "../../support/training-vectors.js";

/** Those of whole runs. */
const HISTORY = 1e-4;
const WEIGHTS = 5e-4;

describe.each(golden.cases)(
  "$id: real Keras, which reads our text, learns what we learn",
  ({ id, x, y, history, weights }) => {
    const text = texts.cases.find((each) => each.id === id)?.text as string;

    it.each([
      ["made here", () => (MODELS[id] as () => Model)()],
      ["read from the text", () => modelFromJSON(text)],
    ])("%s", async (_, make) => {
      const model = make();
      expect(stringify(model)).toBe(text);
      const data = [x, y].map((array) => tensorOf(array));
      const run = await model.fit(data[0] as never, data[1] as never, {
        batchSize: golden.batch,
        epochs: golden.epochs,
        shuffle: false,
        verbose: 0,
      });
      for (const [name, values] of Object.entries(history)) {
        expectClose(name, (run.history[name] ?? []) as number[], values as number[], HISTORY, 0);
      }
      const ours = model.getWeights();
      expect(ours).toHaveLength(weights.length);
      weights.forEach((expected, i) => {
        expectClose(`weight ${i}`, ours[i]?.data ?? [], numbers(expected), WEIGHTS, 1e-3);
      });
    });
  },
);

describe("texts that Keras wrote, with arguments of calls", () => {
  const textOf = (id: string) => golden.written.find((each) => each.id === id)?.text as string;
  const kwargs = (text: string) =>
    (JSON.parse(text).config.layers as { inbound_nodes?: { kwargs: Record<string, unknown> }[] }[]).map(
      ({ inbound_nodes = [] }) => inbound_nodes.map(({ kwargs: { training = null } }) => training),
    );
  const x = [
    [1, 2],
    [3, 6],
  ];
  const fitted = async (id: string) => {
    const model = modelFromJSON(textOf(id));
    await model.fit(x, [[1], [3]], { verbose: 0 });
    return model;
  };
  const statistics = (model: Model) => {
    const inner = model.layers.find(({ name }) => name === "inner") as Model | undefined;
    const norm = (inner ?? model).layers.find(({ name }) => name === "b") as layers.Layer;
    return norm.nonTrainableWeights.map((weight) => [...weight.array()]);
  };
  // Half of the batch's means 2 and 4, and of its variances 1 and 4.
  const moved = [
    [1, 2],
    [1, 2.5],
  ];
  const still = [
    [0, 0],
    [1, 1],
  ];

  it.each([
    ["training false", still],
    ["inputs by name", still],
    ["training none", moved],
    ["a nested model, training false", still],
    ["inside a nested model", still],
    ["a nested Sequential, training false", still],
  ])("%s", async (id, expected) => {
    const model = await fitted(id);
    expect(statistics(model)).toEqual(expected);
    expect(kwargs(stringify(model))).toEqual(kwargs(textOf(id)));
    const again = modelFromJSON(stringify(model));
    await again.fit(x, [[1], [3]], { verbose: 0 });
    expect(statistics(again)).toEqual(expected);
  });

  it("training true", async () => {
    const model = modelFromJSON(textOf("training true"));
    const many = Array.from({ length: 64 }, () => [1, 1]);
    // Each of two ones is dropped or doubled, so that sums are 0, 2 or 4.
    expect(new Set((await model.predict(many)).array())).toEqual(new Set([0, 2, 4]));
    expect(kwargs(stringify(model))).toEqual(kwargs(textOf("training true")));
  });

  it("refuses unsupported parts by name", () => {
    expect(() => modelFromJSON(textOf("a mask"))).toThrow(
      thrown(
        "ValueError",
        "ERR_CONFIG_INVALID",
        'modelFromJSON: "s" is called with the argument "mask"; here layers take their inputs, one or a list, and "training".',
      ),
    );
    expect(() => modelFromJSON(textOf("a mask by position"))).toThrow(
      thrown(
        "ValueError",
        "ERR_CONFIG_INVALID",
        'modelFromJSON: "s" is called with 2 arguments by position; here layers take their inputs, one or a list, and "training".',
      ),
    );
  });
});
