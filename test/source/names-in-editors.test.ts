/**
 * The names that editors offer inside the quotes of an option, from TypeScript's language service, against the lists
 * of the registries, which their errors contain. Node only.
 */

import { describe, expect, it } from "vitest";
import {
  activations,
  constraints,
  initializers,
  layers,
  losses,
  metrics,
  optimizers,
  regularizers,
} from "../../ts/index.js";
import { languageService } from "./language-service.js";

const root = new URL("../../", import.meta.url).pathname;
const file = `${root}test/source/in-an-editor.ts`;

/** `|` is where the reader asks. One statement a line. */
const PLACES = {
  optimizer: 'new Sequential().compile({ optimizer: "|" });',
  optimizerConfig: 'new Sequential().compile({ optimizer: { class_name: "|" } });',
  loss: 'new Sequential().compile({ loss: "|" });',
  losses: 'new Sequential().compile({ loss: ["|"] });',
  lossByName: 'new Sequential().compile({ loss: { out: "|" } });',
  metrics: 'new Sequential().compile({ metrics: ["|"] });',
  metricLists: 'new Sequential().compile({ metrics: [["|"]] });',
  metricsByName: 'new Sequential().compile({ metrics: { out: "|" } });',
  weightedMetrics: 'new Sequential().compile({ weightedMetrics: ["|"] });',
  activation: 'new layers.Dense(1, { activation: "|" });',
  convActivation: 'new layers.Conv2D(1, 1, { activation: "|" });',
  activationLayer: 'new layers.Activation("|");',
  kernelInitializer: 'new layers.Dense(1, { kernelInitializer: "|" });',
  gammaInitializer: 'new layers.BatchNormalization({ gammaInitializer: "|" });',
  embeddingsInitializer: 'new layers.Embedding(1, 1, { embeddingsInitializer: "|" });',
  depthwiseInitializer: 'new layers.DepthwiseConv2D(1, { depthwiseInitializer: "|" });',
  kernelRegularizer: 'new layers.Dense(1, { kernelRegularizer: "|" });',
  activityRegularizer: 'new layers.Conv1D(1, 1, { activityRegularizer: "|" });',
  kernelConstraint: 'new layers.Dense(1, { kernelConstraint: "|" });',
  betaConstraint: 'new layers.LayerNormalization({ betaConstraint: "|" });',
  weightInitializer: 'abstract class L extends layers.Layer { w = this.addWeight({ initializer: "|" }); }',
  weightConstraint: 'abstract class M extends layers.Layer { w = this.addWeight({ constraint: "|" }); }',
  remote: 'RemoteOptimizer.create("|", []);',
  getOptimizer: 'optimizers.get("|");',
  getLoss: 'losses.get("|");',
  getMetric: 'metrics.get("|");',
  getActivation: 'activations.get("|");',
  getInitializer: 'initializers.get("|");',
  getRegularizer: 'regularizers.get("|");',
  getConstraint: 'constraints.get("|");',
  customLoss: 'new Sequential().compile({ loss: "my_loss", optimizer: "MyOptimizer", metrics: ["mine"] });',
  customActivation:
    'new layers.Dense(1, { activation: "mine", kernelInitializer: "mine", kernelRegularizer: "mine" });',
  customGet: 'constraints.get("mine", { mine: (w) => w }); losses.deserialize(JSON.parse("{}"), {});',
  getLayer: 'layers.get("|");',
  readActivation: 'activations.deserialize("|");',
  readOptimizer: 'optimizers.deserialize({ class_name: "|" });',
  readLoss: 'losses.deserialize({ class_name: "|" });',
  readMetric: 'metrics.deserialize({ class_name: "|" });',
  readInitializer: 'initializers.deserialize({ class_name: "|" });',
  readRegularizer: 'regularizers.deserialize({ class_name: "|" });',
  readConstraint: 'constraints.deserialize({ class_name: "|" });',
  readLayer: 'layers.deserialize({ class_name: "|" });',
} as const;

type Place = keyof typeof PLACES;

const LINES = [
  'import { activations, constraints, initializers, layers, losses, metrics, optimizers, regularizers, Sequential } from "../../ts/index.js";',
  'import { RemoteOptimizer } from "../../ts/worker/index.js";',
  ...Object.values(PLACES),
];

const service = languageService(file, LINES.join("\n").replaceAll('"|"', '""'));

/** Names that an editor lists at a place. */
function offered(place: Place): string[] {
  const line = LINES.indexOf(PLACES[place]);
  const before = LINES.slice(0, line).join("\n").replaceAll('"|"', '""').length + 1;
  const completions = service.getCompletionsAtPosition(file, before + PLACES[place].indexOf("|"), {});
  return (completions?.entries ?? []).map(({ name }) => name).sort();
}

/** The names that a registry's error lists. */
function known(get: (name: string) => unknown): string[] {
  try {
    get("no such name");
  } catch (error) {
    const [, names = ""] = /Known: (.*?)\. /.exec((error as Error).message) ?? [];
    return names.split(", ");
  }
  throw new Error("found");
}

const spelled = (names: readonly string[]) =>
  [...new Set(names.map((name) => name.replaceAll("_", "").toLowerCase()))].sort();
const isSpelled = (name: string) => /^[a-z0-9_]+$/.test(name) || /^[a-z][a-zA-Z0-9]*$/.test(name);

interface Family {
  readonly get: (name: string) => unknown;
  /** Names that only some places take, and those that take arguments. */
  readonly besides?: readonly string[];
  readonly without?: readonly string[];
  readonly places: readonly Place[];
  /** Places at which JSON has class names. */
  readonly configs: readonly Place[];
}

const FAMILIES: Readonly<Record<string, Family>> = {
  optimizers: {
    get: (name) => optimizers.get(name),
    without: ["LBFGS", "Lookahead", "LossScaleOptimizer", "MultiOptimizer", "SAM", "SWA", "ScheduleFree"],
    places: ["optimizer", "remote", "getOptimizer"],
    configs: ["optimizerConfig", "readOptimizer"],
  },
  losses: {
    get: (name) => losses.get(name),
    besides: ["crossentropy", "ce"],
    places: ["loss", "losses", "lossByName", "getLoss"],
    configs: ["readLoss"],
  },
  metrics: {
    get: (name) => metrics.get(name),
    besides: ["acc"],
    without: ["IoU", "MeanIoU"],
    places: ["metrics", "metricLists", "metricsByName", "weightedMetrics", "getMetric"],
    configs: ["readMetric"],
  },
  activations: {
    get: (name) => activations.get(name),
    places: ["activation", "convActivation", "activationLayer", "getActivation", "readActivation"],
    configs: [],
  },
  initializers: {
    get: (name) => initializers.get(name),
    places: [
      "kernelInitializer",
      "gammaInitializer",
      "embeddingsInitializer",
      "depthwiseInitializer",
      "weightInitializer",
      "getInitializer",
    ],
    configs: ["readInitializer"],
  },
  regularizers: {
    get: (name) => regularizers.get(name),
    places: ["kernelRegularizer", "activityRegularizer", "getRegularizer"],
    configs: ["readRegularizer"],
  },
  constraints: {
    get: (name) => constraints.get(name),
    places: ["kernelConstraint", "betaConstraint", "weightConstraint", "getConstraint"],
    configs: ["readConstraint"],
  },
};

describe("editors offer the names of a registry", () => {
  const rows = Object.entries(FAMILIES).flatMap(([family, { places }]) =>
    places.map((place) => [family, place] as const),
  );

  it.each(rows)("%s: %s", (family, place) => {
    const { get, besides = [], without = [] } = FAMILIES[family] as Family;
    const inCompile = !place.startsWith("get");
    const names = offered(place);
    const expected = [...known(get).filter((name) => !without.includes(name)), ...(inCompile ? besides : [])];
    expect(spelled(names)).toEqual(spelled(expected));
    for (const name of names.filter((one) => !besides.includes(one))) expect(get(name), name).not.toBeNull();
    // For a class name that a signature of `get` has too, snake and camel case are offered as well.
    const cases = names.filter((name) => !/^[A-Z]/.test(name));
    expect(cases.filter((name) => !isSpelled(name))).toEqual([]);
    expect(spelled(cases)).toEqual(spelled(names));
  });

  const configs = Object.entries(FAMILIES).flatMap(([family, row]) =>
    row.configs.map((place) => [family, place] as const),
  );

  it.each(configs)("%s as JSON: %s", (family, place) => {
    const names = known((FAMILIES[family] as Family).get).filter((name) => /^[A-Z]/.test(name));
    expect(offered(place)).toEqual([...names].sort());
  });

  it("layers, by their class names", () => {
    const names = known((name) => layers.get(name)).sort();
    expect(offered("getLayer")).toEqual(names);
    expect(offered("readLayer")).toEqual(names);
  });

  it("in snake case as in Keras, and in camel case", () => {
    const expected: readonly (readonly [Place, readonly string[]])[] = [
      ["optimizer", ["adam", "adamw", "rmsprop", "sgd", "schedule_free_adamw"]],
      ["loss", ["mse", "binary_crossentropy", "binaryCrossentropy", "kl_divergence", "klDivergence", "log_cosh"]],
      [
        "metrics",
        ["accuracy", "auc", "f1_score", "topKCategoricalAccuracy", "top_k_categorical_accuracy", "binary_iou"],
      ],
      ["kernelInitializer", ["glorot_uniform", "glorotUniform", "zeros", "he_normal"]],
      ["activation", ["relu", "leaky_relu", "leakyRelu", "log_softmax"]],
      ["kernelRegularizer", ["l1", "l2", "l1_l2", "l1L2"]],
      ["kernelConstraint", ["max_norm", "nonNeg"]],
    ];
    for (const [place, names] of expected) expect(offered(place)).toEqual(expect.arrayContaining(names as string[]));
  });
});

describe("other names are taken too", () => {
  it("by the types, in every place for custom objects", () => {
    const errors = service.getSemanticDiagnostics(file).map(({ messageText }) => messageText);
    expect(errors).toEqual([]);
  });
});
