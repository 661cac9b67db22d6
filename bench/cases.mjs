// Cases: steps of six optimizers at five sizes, Adam also on gradients whose squares are subnormal, optimizers beyond
// Keras at one size, and whole training steps of six models. `chosen` selects those on the command line.

export const LEARNING_RATE = 0.001;

const OPTIMIZERS = ["Adam", "SGD", "Lion", "Adafactor", "Lamb", "Muon"];

/**
 * Optimizers that Keras lacks, at 1M: how many numbers each keeps for a parameter, and whether it needs only one pass
 * over the arrays. Wrapper optimizers contain Adam; ScheduleFree, SGD.
 */
const BEYOND = [
  ["ADOPT", 2, true],
  ["AdEMAMix", 3, true],
  ["AdaBelief", 2, true],
  ["Adan", 4, true],
  ["DAdaptAdam", 3],
  ["LARS", 1],
  ["Lookahead", 3],
  ["MARS", 3],
  ["NAdamW", 2, true],
  ["Prodigy", 4],
  ["RAdam", 2, true],
  ["Rprop", 2, true],
  ["ScheduleFree", 1],
  ["ScheduleFreeRAdam", 2, true],
  ["ScheduleFreeSGD", 1, true],
  ["Signum", 1, true],
  ["StableAdamW", 2],
  ["SWA", 3],
  ["Yogi", 2, true],
  ["AdamBfloat16", 2],
  ["AdamUint8", 2],
  ["MuonPolarExpress", 1],
  ["SOAP", 6],
];

/**
 * Adafactor only factors matrices, Muon accepts nothing else, and MARS has another rule for the rest: these get
 * matrices with the same number of elements.
 */
const MATRICES = new Set(["Adafactor", "Muon", "MARS", "MuonPolarExpress", "SOAP"]);

const SIZES = [
  { id: "4096", label: "4,096", count: 1, shape: [64, 64] },
  { id: "1M", label: "1M", count: 1, shape: [1024, 1024] },
  { id: "16M", label: "16M", count: 1, shape: [4096, 4096] },
  { id: "64x16384", label: "64 × 16,384", count: 64, shape: [128, 128] },
  { id: "1000x64", label: "1,000 × 64", count: 1000, shape: [8, 8] },
];

/** The first step of SOAP computes all eigenvectors, in half a minute at 1M. */
const SMALLER = { SOAP: { id: "512x512", label: "512 × 512", count: 1, shape: [512, 512] } };

/** 15 products of 4096 x 4096 matrices are 2 TFLOP a step: a minute without threads, for every contestant. */
const BOUNDED = new Map([["Muon 16M", "each step has 15 products of 4,096 × 4,096 matrices"]]);

/**
 * One case: `count` tensors of `shape`; `length` elements each, `elements` in all. `gradients` names the pool
 * in data.mjs. `bounded` is the reason why it is not run.
 */
export function makeCase(optimizer, size, gradients) {
  const length = size.shape[0] * size.shape[1];
  return {
    optimizer,
    gradients,
    size: size.id,
    sizeLabel: gradients === "tiny" ? `${size.label}, tiny gradients` : size.label,
    count: size.count,
    shape: MATRICES.has(optimizer) ? size.shape : [length],
    rows: size.shape[0],
    cols: size.shape[1],
    length,
    elements: size.count * length,
    bounded: BOUNDED.get(`${optimizer} ${size.id}`),
  };
}

export const CASES = [
  ...OPTIMIZERS.flatMap((optimizer) => [
    ...SIZES.map((size) => makeCase(optimizer, size, "normal")),
    ...(optimizer === "Adam" ? [makeCase("Adam", SIZES[1], "tiny")] : []),
  ]),
  // `touched`: the arrays that an elementwise rule reads, including parameters and gradients.
  ...BEYOND.map(([optimizer, slots, isElementwise = false]) => ({
    ...makeCase(optimizer, SMALLER[optimizer] ?? SIZES[1], "normal"),
    isBeyond: true,
    touched: isElementwise ? slots + 2 : undefined,
  })),
];

/**
 * Most of Muon's time is spent in the five Newton-Schulz iterations, each with two n x n x m products and one n x n x n
 * product.
 */
const muonMultiplications = ({ count, rows, cols }) => 5 * count * (2 * rows * rows * cols + rows ** 3);

/** Whether a step takes seconds or minutes where matrix products are slow: plain JavaScript, PyTorch's bfloat16. */
export function isLongMuon(one) {
  return one.optimizer.startsWith("Muon") && muonMultiplications(one) > 1e9;
}

// Models are lists of layers that every contestant builds with its library. All classify, with the mean crossentropy of
// a batch as loss, and train with Adam.

/** Batches of data; an epoch of `fit` goes through all of them. */
export const BATCHES = 64;

const dense = (inputs, units, activation) => ({ kind: "dense", inputs, units, activation });
const conv = (channels, filters) => ({ kind: "conv", size: 3, channels, filters });
const POOL = { kind: "pool", size: 2 };
const FLATTEN = { kind: "flatten" };

/** The contestants that can compute gradients of gradients in a custom loop. */
const SECOND_ORDER = ["gradstepTape", "jaxLoop"];
/** Those with SAM, LBFGS and row gradients, in a custom loop. */
const OTHER_STEPS = ["gradstepTape", "pytorchLoop"];

/**
 * `input` is the shape of a sample. `labels`: "oneHot" (categorical crossentropy) or "index" (sparse). `indices`:
 * the input is whole numbers below it. `loss`: one with gradients of gradients, for the contestants in `only`. `rule`: "SAM" of
 * Adam; "LBFGS", whose step is a call of 20 iterations on the first batch; "rows", Adam with row gradients of the embedding.
 */
export const TRAINING = [
  {
    model: "documented",
    label: "documented model: dense 64 on 10, batch 32",
    batch: 32,
    input: [10],
    classes: 64,
    labels: "oneHot",
    rate: 0.01,
    layers: [dense(10, 64, "softmax")],
  },
  {
    model: "mlp",
    label: "MLP 784-128-10, batch 128",
    batch: 128,
    input: [784],
    classes: 10,
    labels: "index",
    rate: 0.001,
    layers: [dense(784, 128, "relu"), dense(128, 10, "softmax")],
  },
  {
    model: "cnn",
    label: "CNN on 28 × 28, batch 64",
    batch: 64,
    input: [28, 28, 1],
    classes: 10,
    labels: "index",
    rate: 0.001,
    layers: [conv(1, 8), POOL, conv(8, 16), POOL, FLATTEN, dense(5 * 5 * 16, 10, "softmax")],
  },
  {
    model: "embedding",
    label: "embedding 1,000 × 16 of 16 tokens, batch 64",
    batch: 64,
    input: [16],
    indices: 1000,
    classes: 10,
    labels: "index",
    rate: 0.001,
    layers: [{ kind: "embedding", rows: 1000, width: 16 }, FLATTEN, dense(16 * 16, 10, "softmax")],
  },
  {
    model: "pinn",
    label: "PINN 1-20-20-1, 64 points",
    batch: 64,
    input: [1],
    classes: 1,
    labels: "oneHot",
    rate: 0.001,
    loss: "pinn",
    only: SECOND_ORDER,
    layers: [dense(1, 20, "tanh"), dense(20, 20, "tanh"), dense(20, 1)],
  },
  {
    model: "wganGp",
    label: "WGAN-GP, critic 2-32-32-1, batch 64",
    batch: 64,
    input: [2],
    classes: 1,
    labels: "oneHot",
    rate: 0.001,
    loss: "wganGp",
    only: SECOND_ORDER,
    layers: [dense(2, 32, "tanh"), dense(32, 32, "tanh"), dense(32, 1)],
  },
  {
    model: "sam",
    label: "MLP 784-128-10, batch 128, SAM",
    batch: 128,
    input: [784],
    classes: 10,
    labels: "index",
    rate: 0.001,
    rule: "SAM",
    only: OTHER_STEPS,
    layers: [dense(784, 128, "relu"), dense(128, 10, "softmax")],
  },
  {
    model: "lbfgs",
    label: "MLP 10-32-8, batch 256, LBFGS of 20 iterations",
    batch: 256,
    input: [10],
    classes: 8,
    labels: "index",
    rate: 1,
    rule: "LBFGS",
    only: OTHER_STEPS,
    layers: [dense(10, 32, "relu"), dense(32, 8, "softmax")],
  },
  {
    model: "rows",
    label: "embedding 400,000 × 64 of 16 tokens, batch 64, row gradients",
    batch: 64,
    input: [16],
    indices: 400_000,
    classes: 10,
    labels: "index",
    rate: 0.001,
    rule: "rows",
    only: OTHER_STEPS,
    layers: [{ kind: "embedding", rows: 400_000, width: 64 }, FLATTEN, dense(16 * 64, 10, "softmax")],
  },
].map((one) => ({ ...one, elements: parameterShapes(one).reduce((sum, shape) => sum + product(shape), 0) }));

/** Product of the lengths of axes. */
export function product(shape) {
  return shape.reduce((a, b) => a * b, 1);
}

/** Shapes of all weights, in Keras's order. */
export function parameterShapes({ layers }) {
  return layers.flatMap((layer) => {
    if (layer.kind === "dense") return [[layer.inputs, layer.units], [layer.units]];
    if (layer.kind === "conv") return [[layer.size, layer.size, layer.channels, layer.filters], [layer.filters]];
    return layer.kind === "embedding" ? [[layer.rows, layer.width]] : [];
  });
}

/**
 * The selection by words: optimizers (`adam`), sizes (`1M`, `1000x64`), gradients (`tiny`, `normal`), contestants by
 * their ids (`plainJs`); `training`, its models (`mlp`), its contestants (`gradstepFit`); `parallel`, its measurements
 * (`remoteStep`); `engines`, one of them (`node24`), one of their parts (`startUp`). Words of the same kind are alternatives, different
 * kinds combine; no word of a kind selects all of it. If all words belong to one part, the other parts are not run. Throws for an unknown
 * word.
 */
export function chosen(words, { contestants, trainers, measurements, engines, parts }) {
  const kinds = {
    optimizer: CASES.map((one) => one.optimizer),
    size: CASES.map((one) => one.size),
    gradients: CASES.map((one) => one.gradients),
    contestant: contestants.map(({ id }) => id),
    training: ["training"],
    model: TRAINING.map(({ model }) => model),
    trainer: trainers.map(({ id }) => id),
    parallel: ["parallel"],
    measurement: measurements.map(({ id }) => id),
    engines: ["engines", "new"],
    engine: engines.map(({ id }) => id),
    part: parts.map(({ id }) => id),
  };
  const wanted = Object.fromEntries(Object.keys(kinds).map((kind) => [kind, new Set()]));
  for (const word of words) {
    const plain = word.replaceAll(",", "").toLowerCase();
    const kind = Object.keys(kinds).find((name) => kinds[name].some((known) => known.toLowerCase() === plain));
    if (kind === undefined) {
      const known = [...new Set(Object.values(kinds).flat())].join(", ");
      throw new RangeError(`There is no "${word}" in the benchmark. There are: ${known}.`);
    }
    wanted[kind].add(plain);
  }
  const isAsked = (kind) => wanted[kind].size > 0;
  const isWanted = (kind, name) => !isAsked(kind) || wanted[kind].has(name.toLowerCase());
  const isAll = words.length === 0;
  const hasSteps = isAll || ["optimizer", "size", "gradients", "contestant"].some(isAsked);
  const hasTraining = isAll || ["training", "model", "trainer"].some(isAsked);
  const hasParallel = isAll || ["parallel", "measurement"].some(isAsked);
  const hasEngines = isAll || ["engines", "engine", "part"].some(isAsked);
  const isCase = (one) => ["optimizer", "size", "gradients"].every((kind) => isWanted(kind, one[kind]));
  return {
    cases: hasSteps ? CASES.filter(isCase) : [],
    contestants: hasSteps ? contestants.filter(({ id }) => isWanted("contestant", id)) : [],
    training: hasTraining ? TRAINING.filter(({ model }) => isWanted("model", model)) : [],
    trainers: hasTraining ? trainers.filter(({ id }) => isWanted("trainer", id)) : [],
    parallel: hasParallel ? measurements.filter(({ id }) => isWanted("measurement", id)) : [],
    engines: hasEngines ? engines.filter(({ id }) => isWanted("engine", id)) : [],
    parts: hasEngines ? parts.filter(({ id }) => isWanted("part", id)) : [],
    isNew: wanted.engines.has("new"),
    isAll,
    // Sections of the page that are written alone.
    isParallel: hasParallel && !hasSteps && !hasTraining && !hasEngines,
    isEngines: hasEngines && !hasSteps && !hasTraining && !hasParallel,
  };
}
