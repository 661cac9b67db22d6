/**
 * Defaults of classes and functions are those in Keras's signatures: each can be given explicitly, and changes nothing.
 * docs/differences-from-keras.md lists the exceptions; test/source/keras-arguments.test.ts compares names, order and comments.
 */

import { describe, expect, it } from "vitest";
import { layers, Model, OptimizerMap, Sequential, SGD, Tensor } from "../../ts/index.js";
import { fromKeras } from "../../ts/keras-names.js";
import { isListed } from "../support/argument-differences.js";
import { type KerasArgument, kerasArguments } from "../support/keras-signatures.js";
import { MADE_CLASSES, neededOf } from "../support/public-classes.js";
import { PUBLIC_FUNCTIONS } from "../support/public-functions.js";

/** Options of Keras's defaults, one by one; those that this library has as well. */
function defaultsOf(path: string): readonly (readonly [name: string, options: object])[] {
  return (kerasArguments(path) as readonly KerasArgument[]).flatMap(([argument, ...given]) => {
    const name = fromKeras(argument);
    const isCompared = given.length > 0 && !argument.startsWith("*") && !isListed(path, name);
    return isCompared ? [[name, { [name]: given[0] }] as const] : [];
  });
}

/** Everything about a result or a config that is compared; names are made unique, and seeds drawn. */
const shown = (value: unknown): string =>
  JSON.stringify(value, (key, entry: unknown) => {
    if (key === "name" || key === "seed") return undefined;
    return entry instanceof Tensor ? [entry.shape, [...entry.array()]] : entry;
  });

/** Arguments passed alone, or before an object of options. */
const BY_POSITION = /^(random\.SeedGenerator|Sequential|(optimizers\.)?OptimizerMap)$/;
/** Without a config. */
const NOT_SAVED = /^(metrics\.MeanMetricWrapper|Model|Variable|callbacks\..*)$/;

describe("a class made with a default of Keras's is as without it", () => {
  const rows = MADE_CLASSES.filter(([path]) => kerasArguments(path) !== undefined && !BY_POSITION.test(path));
  it.each(rows)("%s", (path, name, Made) => {
    const { before, own: options, isNamed: isOptions } = neededOf(name);
    const look = (made: object) => (NOT_SAVED.test(path) ? "" : shown((made as layers.Layer).getConfig()));
    const plain = look(new Made(...before, ...(isOptions ? [options] : [])));
    for (const [argument, given] of defaultsOf(path)) {
      // A required argument, such as the shape of an input.
      if (argument in options) continue;
      expect(look(new Made(...before, { ...options, ...given })), argument).toBe(plain);
    }
  });

  it("arguments by position may be null too", () => {
    expect(new Sequential(null, { name: null, trainable: true }).layers).toEqual([]);
    expect(new Model().trainable).toBe(true);
    const optimizer = new SGD();
    expect(new OptimizerMap(optimizer, null).getConfig()).toEqual(new OptimizerMap(optimizer).getConfig());
  });
});

describe("a function called with a default of Keras's does the same", () => {
  const rows = PUBLIC_FUNCTIONS.filter(([path]) => kerasArguments(path) !== undefined);
  it.each(rows)("%s", (path, call, row) => {
    const [required] = row as NonNullable<typeof row>;
    const plain = path.startsWith("random.") ? undefined : shown(call(...required));
    for (const [argument, given] of defaultsOf(path)) {
      // Given by position already.
      if (/^(gamma|beta)$/.test(argument)) continue;
      const result = shown(call(...required, given));
      if (plain !== undefined) expect(result, argument).toBe(plain);
    }
  });
});

describe("fit and its relatives take Keras's defaults", () => {
  const data = [[1], [2], [3]];
  const made = () => {
    const model = new Sequential([new layers.Dense(1, { inputShape: [1], kernelInitializer: "ones" })]);
    model.compile({ optimizer: "sgd", loss: "mse" });
    return model;
  };
  const optionsOf = (path: string) =>
    Object.assign({}, ...defaultsOf(path).map(([name, given]) => (/^[xy]$/.test(name) ? {} : given))) as object;

  it("all at once, without a change", async () => {
    const [plain, explicit] = [made(), made()];
    explicit.compile({ ...optionsOf("Model.compile"), optimizer: "sgd", loss: "mse" });
    const runs = [plain, explicit].map(async (model, i) => {
      const of = (name: string) => (i === 0 ? {} : optionsOf(`Model.${name}`)) as never;
      const options = { ...(of("fit") as object), shuffle: false } as never;
      const history = await model.fit(data, data, options);
      return [
        history.history,
        await model.evaluate(data, data, of("evaluate")),
        [...(await model.predict(data, of("predict"))).array()],
        await model.trainOnBatch(data, data, of("trainOnBatch")),
        await model.testOnBatch(data, data, of("testOnBatch")),
      ];
    });
    const [a, b] = await Promise.all(runs);
    expect(b).toEqual(a);
    expect(Object.keys(optionsOf("Model.fit"))).toHaveLength(14);
  });

  it("compile without an optimizer takes Keras's", () => {
    const model = new Sequential();
    model.compile();
    expect(model.optimizer?.className).toBe("RMSprop");
  });
});
