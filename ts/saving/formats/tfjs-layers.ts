/**
 * The layers that TensorFlow.js and Keras share, with their arguments in TensorFlow.js.
 *
 * @module
 */

/** Arguments of a layer in addition to those of all layers, and those with a different name in TensorFlow.js. */
interface SharedLayer {
  readonly keys: readonly string[];
  /** TensorFlow.js's name of an argument, by Keras's. */
  readonly renamed?: Readonly<Record<string, string>>;
  /** The values that TensorFlow.js supports, if these are not all of Keras's. */
  readonly only?: Readonly<Record<string, readonly unknown[]>>;
  /** The argument that must be the last axis: with another axis TensorFlow.js computes wrong numbers, or throws. */
  readonly lastAxis?: string;
}

const kernel = (name: string) => [`${name}_initializer`, `${name}_regularizer`, `${name}_constraint`];

// Without activity_regularizer: TensorFlow.js reads it, but throws when the layer is applied.
const dense = ["activation", "use_bias", ...kernel("bias")];

const convolution = ["kernel_size", "strides", "padding", "data_format", ...dense];

const pooling = { keys: ["pool_size", "padding", "strides", "data_format"] };

const flat: SharedLayer = { keys: [] };

/** The shared layers by class. */
export const SHARED_LAYERS: Readonly<Record<string, SharedLayer>> = {
  Dense: { keys: ["units", ...dense, ...kernel("kernel")] },
  Conv1D: {
    keys: ["filters", ...convolution, "dilation_rate", ...kernel("kernel")],
    only: { padding: ["valid", "same"] },
  },
  Conv2D: { keys: ["filters", ...convolution, "dilation_rate", ...kernel("kernel")] },
  Conv2DTranspose: { keys: ["filters", ...convolution, ...kernel("kernel")] },
  // Without dilation_rate: TensorFlow.js 4.22 writes it, but predicts as if it were 1.
  DepthwiseConv2D: { keys: ["depth_multiplier", ...convolution, ...kernel("depthwise")] },
  BatchNormalization: {
    keys: [
      ...["axis", "momentum", "epsilon", "center", "scale", "moving_mean_initializer", "moving_variance_initializer"],
      ...kernel("beta"),
      ...kernel("gamma"),
    ],
    // TensorFlow.js 4.22 always predicts with the moving averages along the last axis.
    lastAxis: "axis",
  },
  LayerNormalization: {
    keys: [
      ...["axis", "epsilon", "center", "scale", "beta_initializer", "gamma_initializer"],
      ...["beta_regularizer", "gamma_regularizer"],
    ],
  },
  Embedding: { keys: ["input_dim", "output_dim", ...kernel("embeddings")] },
  Dropout: { keys: ["rate", "seed", "noise_shape"] },
  GaussianNoise: { keys: ["stddev"] },
  ReLU: { keys: ["max_value"] },
  LeakyReLU: { keys: ["negative_slope"], renamed: { negative_slope: "alpha" } },
  PReLU: { keys: [...kernel("alpha"), "shared_axes"] },
  ELU: { keys: ["alpha"], only: { alpha: [1] } },
  // Its default is 1, the last axis of vectors. It only supports the last axis.
  Softmax: { keys: ["axis"], only: { axis: [-1, 1] } },
  Activation: { keys: ["activation"] },
  Flatten: { keys: ["data_format"] },
  Reshape: { keys: ["target_shape"] },
  Permute: { keys: ["dims"] },
  RepeatVector: { keys: ["n"] },
  MaxPooling1D: pooling,
  MaxPooling2D: pooling,
  AveragePooling1D: pooling,
  AveragePooling2D: pooling,
  GlobalMaxPooling1D: flat,
  GlobalAveragePooling1D: flat,
  GlobalMaxPooling2D: { keys: ["data_format"] },
  GlobalAveragePooling2D: { keys: ["data_format"] },
  Rescaling: { keys: ["scale", "offset"] },
  ZeroPadding2D: { keys: ["padding", "data_format"] },
  Concatenate: { keys: ["axis"] },
  Add: flat,
  Average: flat,
  Maximum: flat,
  Minimum: flat,
  Multiply: flat,
};

/** For Keras's arguments that TensorFlow.js lacks, the values without effect. */
export const WITHOUT_EFFECT: Readonly<Record<string, readonly unknown[]>> = {
  activity_regularizer: [null],
  mask_zero: [false],
  groups: [1],
  output_padding: [null],
  dilation_rate: ["1,1", "1"],
  keepdims: [false],
  synchronized: [false],
  renorm: [false],
  renorm_clipping: [null],
  rms_scaling: [false],
  negative_slope: [0],
  threshold: [0],
  quantization_config: [null],
  data_format: [null, "channels_last"],
  beta_constraint: [null],
  gamma_constraint: [null],
};

/**
 * Keras's arguments that can be dropped: they have no meaning if the others have no effect, or only matter for new
 * weights.
 */
export const UNSAVED: ReadonlySet<string> = new Set(["dtype", "renorm_momentum", "seed"]);

/** TensorFlow.js's names of activations, by Keras's, if both compute the same. */
export const ACTIVATIONS: Readonly<Record<string, string>> = {
  linear: "linear",
  elu: "elu",
  selu: "selu",
  relu: "relu",
  relu6: "relu6",
  sigmoid: "sigmoid",
  softplus: "softplus",
  softsign: "softsign",
  tanh: "tanh",
  softmax: "softmax",
  log_softmax: "log_softmax",
  gelu: "gelu",
  silu: "swish",
  mish: "mish",
};

/** The last part of a weight's name in TensorFlow.js, by class and Keras's. */
export function weightName(className: string, name: string): string {
  return className === "DepthwiseConv2D" && name === "kernel" ? "depthwise_kernel" : name;
}
