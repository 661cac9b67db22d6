/** Every layer against Keras: outputs, gradients, shapes, changes of state by a call, configs. */

import { describe, expect, it } from "vitest";
import { GradientTape, layers, ops, type Tensor } from "../../../ts/index.js";
import golden from "../../golden/training/layers.json";
import models from "../../golden/training/model-configs.json";
import { expectClose, type GoldenArray, numbers, tensorOf } from "../../support/training-vectors.js";

interface Case {
  readonly id: string;
  readonly class_name: string;
  readonly config: Readonly<Record<string, unknown>>;
  readonly training: boolean;
  readonly inputs: readonly GoldenArray[];
  readonly weights: readonly (GoldenArray & { readonly name: string })[];
  readonly outputShape: layers.LayerShape;
  readonly expected: GoldenArray;
  readonly expectedWeightsAfter?: readonly GoldenArray[];
  readonly gradients?: {
    readonly upstream: GoldenArray;
    readonly inputs: readonly (GoldenArray | null)[];
    readonly weights: readonly GoldenArray[];
  };
}

const CASES = golden.cases as readonly unknown[] as readonly Case[];
const close = (what: string, got: ArrayLike<number>, { data, ...rest }: GoldenArray, tolerance = golden.tolerance) =>
  expectClose(what, got, numbers({ data, ...rest }), tolerance, golden.floor);

const shapes = ({ inputs }: Case, batch: null | undefined) => {
  const list = inputs.map(({ shape }) => [batch === null ? null : (shape[0] ?? null), ...shape.slice(1)]);
  return list.length > 1 ? list : (list[0] as layers.LayerShape);
};

function madeFor(entry: Case): layers.Layer {
  const layer = layers.deserialize({ class_name: entry.class_name, config: entry.config });
  layer.build(shapes(entry, null));
  expect(layer.weights.map(({ name }) => name.split("/")[1])).toEqual(entry.weights.map(({ name }) => name));
  layer.setWeights(entry.weights.map(tensorOf));
  return layer;
}

describe("layers as Keras's", () => {
  it.each(CASES)("$id", (entry) => {
    const { inputs, training, expected, gradients } = entry;
    const layer = madeFor(entry);
    const tensors = inputs.map(tensorOf);
    const tape = new GradientTape({ persistent: true });
    tape.watch(tensors.filter(({ dtype }) => dtype === "float32"));
    const [output, loss] = tape.run(() => {
      const y = layer.apply(tensors.length > 1 ? tensors : (tensors[0] as Tensor), { training });
      return [y, gradients === undefined ? y : ops.sum(ops.multiply(y, tensorOf(gradients.upstream)))];
    });
    expect(output.shape).toEqual(expected.shape);
    close("output", output.array(), expected);
    entry.expectedWeightsAfter?.forEach((after, i) => {
      close(`weight ${i} after the call`, layer.weights[i]?.array() ?? [], after);
    });
    gradients?.inputs.forEach((gradient, i) => {
      if (gradient === null) return;
      const got = tape.gradient(loss, tensors[i] as Tensor);
      close(`gradient of input ${i}`, got?.array() ?? [], gradient, golden.gradientTolerance);
    });
    gradients?.weights.forEach((gradient, i) => {
      const weight = layer.trainableWeights[i];
      const got = weight === undefined ? null : tape.gradient(loss, weight);
      close(`gradient of weight ${i}`, got?.array() ?? [], gradient, golden.gradientTolerance);
    });
    tape.dispose();
  });
});

describe("output shapes and configs of layers", () => {
  it.each(CASES)("$id", (entry) => {
    const layer = madeFor(entry);
    expect(layer.computeOutputShape(shapes(entry, null))).toEqual(entry.outputShape);
    expect(layer.computeOutputShape(shapes(entry, undefined))).toEqual(entry.expected.shape);
    const config = layer.getConfig();
    expect(config).toMatchObject(configOf(entry));
    expect(layers.deserialize(JSON.parse(JSON.stringify(layers.serialize(layer)))).getConfig()).toEqual(config);
  });
});

interface SavedModel {
  readonly config: { readonly layers?: readonly (layers.SavedLayer & SavedModel)[] };
}

const savedLayers = (model: SavedModel): readonly layers.SavedLayer[] =>
  model.config.layers?.flatMap((layer) => (layer.config.layers === undefined ? [layer] : savedLayers(layer))) ?? [];

describe("the layers of Keras's saved models", () => {
  it.each(models.cases)("$id", ({ json }) => {
    const all = savedLayers(json as unknown as SavedModel);
    expect(all.length).toBeGreaterThan(0);
    for (const { module, class_name, config, registered_name, build_config } of all) {
      const layer = layers.deserialize({ module, class_name, config, registered_name });
      if (build_config !== undefined) layer.build(build_config.input_shape);
      expect(layers.serialize(layer)).toEqual({
        module,
        class_name,
        config,
        registered_name,
        ...(build_config === undefined ? {} : { build_config }),
      });
    }
  });
});

/** The config with some arguments as Keras's configs write them. */
function configOf({ config, class_name }: Case): object {
  const { axis, activation, ...rest } = config;
  const pairs = ["kernel_size", "strides", "dilation_rate", "pool_size", "output_padding"];
  const rank = class_name === "Conv1D" ? 1 : 2;
  const full = Object.entries(rest).map(([key, value]) => [
    key,
    pairs.includes(key) && typeof value === "number" ? new Array(rank).fill(value) : value,
  ]);
  const made = Object.fromEntries(full);
  if (class_name === "ZeroPadding2D") delete made.padding;
  if (axis !== undefined) made.axis = class_name === "LayerNormalization" ? [axis].flat() : axis;
  if (activation !== undefined) {
    const names: Readonly<Record<string, unknown>> = { swish: "silu", hard_swish: "hard_silu" };
    made.activation = names[activation as string] ?? activation;
  }
  return made;
}
