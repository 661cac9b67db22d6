/**
 * The optimizers that TensorFlow.js and Keras share: arguments and state.
 *
 * @module
 */

type Config = Readonly<Record<string, unknown>>;

/** A slot of the state: its name in TensorFlow.js, and its name in Keras's variable paths. */
export interface SharedSlot {
  readonly theirs: string;
  readonly ours: string;
  /** Velocities of TensorFlow.js are sums of gradients; those of Keras are multiplied by minus the learning rate. */
  readonly isSum?: boolean;
}

/** An optimizer of both libraries. */
export interface SharedOptimizer {
  /** The class in TensorFlow.js. */
  readonly theirs: string;
  /** The class in Keras. */
  readonly ours: string;
  /** TensorFlow.js's names of arguments, by Keras's. */
  readonly keys: Readonly<Record<string, string>>;
  /** Arguments that TensorFlow.js lacks, with the values that it uses. */
  readonly fixed?: Config;
  readonly slots: readonly SharedSlot[];
}

const rate = { learning_rate: "learningRate" };

/** Of several entries with the same Keras class, the first whose `fixed` arguments fit is used for writing. */
export const SHARED_OPTIMIZERS: readonly SharedOptimizer[] = [
  { theirs: "SGD", ours: "SGD", keys: rate, fixed: { momentum: 0 }, slots: [] },
  {
    theirs: "Momentum",
    ours: "SGD",
    keys: { ...rate, momentum: "momentum", nesterov: "useNesterov" },
    slots: [{ theirs: "momentum", ours: "momentum", isSum: true }],
  },
  {
    theirs: "Adam",
    ours: "Adam",
    keys: { ...rate, beta_1: "beta1", beta_2: "beta2", epsilon: "epsilon" },
    fixed: { amsgrad: false },
    slots: [
      { theirs: "m", ours: "momentum" },
      { theirs: "v", ours: "velocity" },
    ],
  },
  {
    theirs: "RMSProp",
    ours: "RMSprop",
    keys: { ...rate, rho: "decay", momentum: "momentum", epsilon: "epsilon", centered: "centered" },
    // With centered, TensorFlow.js subtracts epsilon, while Keras adds it.
    fixed: { centered: false },
    slots: [
      { theirs: "rms", ours: "velocity" },
      { theirs: "momentum", ours: "momentum" },
      { theirs: "mg", ours: "average_gradient" },
    ],
  },
  {
    theirs: "Adagrad",
    ours: "Adagrad",
    keys: { ...rate, initial_accumulator_value: "initialAccumulatorValue" },
    fixed: { epsilon: 1e-7 },
    slots: [{ theirs: "accumulator", ours: "accumulator" }],
  },
  {
    theirs: "Adadelta",
    ours: "Adadelta",
    keys: { ...rate, rho: "rho", epsilon: "epsilon" },
    slots: [
      { theirs: "accum_grad", ours: "accumulated_grad" },
      { theirs: "accum_var", ours: "accumulated_delta_var" },
    ],
  },
  {
    theirs: "Adamax",
    ours: "Adamax",
    keys: { ...rate, beta_1: "beta1", beta_2: "beta2", epsilon: "epsilon" },
    // TensorFlow.js does not save its state.
    slots: [],
  },
];

/** Arguments of every Keras optimizer that TensorFlow.js lacks, with the values that have no effect. */
const NEUTRAL: Config = {
  weight_decay: null,
  clipnorm: null,
  global_clipnorm: null,
  clipvalue: null,
  use_ema: false,
  loss_scale_factor: null,
  gradient_accumulation_steps: null,
};

/** The optimizer for a config of Keras, `undefined` if TensorFlow.js lacks it. */
export function sharedOptimizer(className: unknown, config: Config): SharedOptimizer | undefined {
  if (typeof config.learning_rate !== "number") return undefined;
  return SHARED_OPTIMIZERS.find(({ ours, keys, fixed = {} }) => {
    if (Object.keys(keys).some((key) => typeof config[key] === "object" && config[key] !== null)) return false;
    const needed = Object.entries({ ...NEUTRAL, ...fixed });
    return ours === className && needed.every(([key, value]) => (config[key] ?? null) === value);
  });
}

/** Its arguments in TensorFlow.js. */
export function tfjsOptimizer({ theirs, keys }: SharedOptimizer, config: Config): Config {
  const entries = Object.entries(keys).map(([ours, name]) => [name, config[ours]]);
  return { class_name: theirs, config: Object.fromEntries(entries) };
}
