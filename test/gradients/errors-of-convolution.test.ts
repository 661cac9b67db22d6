import { ArgumentTypeError, ops, tensor, ValueError } from "../../ts/index.js";
import { suite } from "../support/errors.js";

const zeros = (shape: readonly number[]) => tensor(new Float32Array(shape.reduce((a, b) => a * b, 1)), shape);
const image = () => zeros([1, 4, 5, 3]);

suite("a convolution refuses", [
  [
    "an input that is not a batch of images",
    () => ops.conv2d(zeros([32, 10]), zeros([3, 3, 1, 8])),
    ValueError,
    "ERR_SHAPE",
    "conv2d: expected an input of rank 4 (batch x height x width x channels), got 32 x 10.",
  ],
  [
    "a kernel for other channels",
    () => ops.conv2d(image(), zeros([3, 3, 1, 8])),
    ValueError,
    "ERR_SHAPE",
    "conv2d: expected a kernel of height x width x 3 x out for an input with 3 channels, got 3 x 3 x 1 x 8.",
  ],
  [
    "a kernel of another rank",
    () => ops.depthwiseConv2d(image(), zeros([3, 3, 3])),
    ValueError,
    "ERR_SHAPE",
    "depthwiseConv2d: expected a kernel of height x width x channels x multiplier for an input with 3 channels, got 3 x 3 x 3.",
  ],
  [
    "a transposed kernel for other channels",
    () => ops.conv2dTranspose(image(), zeros([3, 3, 3, 8])),
    ValueError,
    "ERR_SHAPE",
    "conv2dTranspose: expected a kernel of height x width x out x 3 for an input with 3 channels, got 3 x 3 x 3 x 8.",
  ],
  [
    "a sequence kernel for other channels",
    () => ops.conv1d(zeros([1, 4, 3]), zeros([3, 2, 8])),
    ValueError,
    "ERR_SHAPE",
    "conv1d: expected a kernel of steps x 3 x out for an input with 3 channels, got 3 x 2 x 8.",
  ],
  [
    "a window beyond the image",
    () => ops.conv2d(image(), zeros([3, 3, 3, 1]), { dilationRate: 2 }),
    ValueError,
    "ERR_SHAPE",
    'conv2d: a window of 5 x 5 does not fit into an input of 4 x 5. Use padding: "same", or a larger input.',
  ],
  [
    "strides together with dilation",
    () => ops.conv2d(image(), zeros([1, 1, 3, 1]), { strides: [1, 2], dilationRate: 2 }),
    ValueError,
    "ERR_OPTION_CONFLICT",
    'conv2d: "strides" (1 x 2) and "dilationRate" (2 x 2) cannot both be above 1.',
  ],
  [
    "causal padding of images",
    () => ops.conv2d(image(), zeros([1, 1, 3, 1]), { padding: "causal" as never }),
    ValueError,
    "ERR_OPTION_RANGE",
    'conv2d: "padding" must be "valid" or "same", got "causal".',
  ],
  [
    "padding as numbers",
    () => ops.conv1d(zeros([1, 4, 3]), zeros([1, 3, 1]), { padding: 1 as never }),
    ArgumentTypeError,
    "ERR_OPTION_TYPE",
    'conv1d: "padding" must be "valid", "same" or "causal", got 1.',
  ],
  [
    "strides of 0",
    () => ops.conv2d(image(), zeros([1, 1, 3, 1]), { strides: [1, 0] }),
    ValueError,
    "ERR_OPTION_RANGE",
    'conv2d: "strides" must be a whole number, 1 or above, got 0.',
  ],
  [
    "three strides",
    () => ops.conv2d(image(), zeros([1, 1, 3, 1]), { strides: [1, 1, 1] as never }),
    ValueError,
    "ERR_OPTION_RANGE",
    'conv2d: "strides" must be a number, or one for rows and one for columns, got an array of 3.',
  ],
  [
    "a bias for other channels",
    () => ops.conv2d(image(), zeros([1, 1, 3, 2]), { bias: [1, 2, 3] }),
    ValueError,
    "ERR_SHAPE",
    "conv2d: expected a bias of [2], one number for each output channel, got [3].",
  ],
  [
    "an activation that is not fused",
    () => ops.conv2d(image(), zeros([1, 1, 3, 2]), { activation: "tanh" as never }),
    ValueError,
    "ERR_OPTION_RANGE",
    'conv2d: "activation" must be "relu" or "linear", got "tanh". Apply others to the result.',
  ],
  [
    "an activation that is not a name",
    () => ops.conv2d(image(), zeros([1, 1, 3, 2]), { activation: Math.abs as never }),
    ArgumentTypeError,
    "ERR_OPTION_TYPE",
    'conv2d: "activation" must be "relu" or "linear", got a function. Apply others to the result.',
  ],
  [
    "output padding that is a stride",
    () => ops.conv2dTranspose(image(), zeros([3, 3, 1, 3]), { strides: 2, outputPadding: 2 }),
    ValueError,
    "ERR_OPTION_RANGE",
    'conv2dTranspose: "outputPadding" must be a number below the strides (2 x 2), or one for rows and one for columns, got 2 x 2.',
  ],
  [
    "unknown options",
    () => ops.conv2d(image(), zeros([1, 1, 3, 2]), { stride: 2 } as never),
    ValueError,
    "ERR_OPTION_UNKNOWN",
    'conv2d does not know "stride" (did you mean "strides"?). Its options are: strides, padding, dataFormat, dilationRate, bias, activation.',
  ],
]);
