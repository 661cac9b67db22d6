/** Custom optimizers: refusals of their constructor, `build` and `updateStep`. */

import { type OptimizerOptions, optimizers, type Tensor, Variable } from "../../ts/index.js";
import { regexpFault } from "./regexp-fault.js";
import type { Rows } from "./row.js";

const bias = () => new Variable([1, 2], { name: "bias" });

class Plain extends optimizers.Optimizer {
  static override readonly className: string = "Plain";
  constructor(options: OptimizerOptions = {}) {
    super({ learningRate: 0.1, name: "mine", ...options });
  }
  override updateStep(gradient: Tensor<"float32">, variable: Variable): void {
    variable.assignSub(gradient);
  }
}

/** Steps an optimizer whose `build` makes this state. */
const stepping =
  (make: (optimizer: { add(...given: unknown[]): void; from(...given: unknown[]): void }) => void) => () => {
    class Making extends Plain {
      static override readonly className = "Making";
      override build(variables: Variable[]): void {
        super.build(variables);
        make({
          add: (...given) => void this.addVariable(...(given as Parameters<typeof this.addVariable>)),
          from: (...given) =>
            void this.addVariableFromReference(...(given as Parameters<typeof this.addVariableFromReference>)),
        });
      }
    }
    new Making().apply([[1, 2]], [bias()]);
  };

export const custom: Rows = [
  [
    () => {
      class Nameless extends optimizers.Optimizer {
        override updateStep(): void {}
      }
      new Nameless({ learningRate: 1 });
    },
    "ValueError",
    "ERR_NOT_IMPLEMENTED",
    'The custom optimizer "Nameless" needs a name for files and workers, since minifiers change that of the class: static className = "MyOptimizer".',
  ],
  [
    () => new Plain({ momentum: 1 } as OptimizerOptions),
    "ValueError",
    "ERR_OPTION_UNKNOWN",
    'Plain does not know "momentum" (did you mean "emaMomentum"?). Its options are: learningRate, weightDecay, clipnorm, clipvalue, globalClipnorm, useEma, emaMomentum, emaOverwriteFrequency, lossScaleFactor, gradientAccumulationSteps, name, learningRateMultipliers, weightDecayMultipliers, adaptiveClip, skipNonfinite, gradientCentralization, cautious, cautiousWeightDecay.',
  ],
  [
    () => new Plain({ learningRate: undefined }),
    "TypeError",
    "ERR_OPTION_TYPE",
    'Plain: "learningRate" must be a number, a LearningRateSchedule or a function without arguments, got undefined.',
  ],
  [
    stepping(({ from }) => from(1)),
    "TypeError",
    "ERR_OPTION_TYPE",
    "addVariableFromReference takes a Variable, got 1.",
  ],
  [
    stepping(({ add }) => add([2], "zeros", "int32")),
    "TypeError",
    "ERR_OPTION_TYPE",
    'mine: "mine/variable": "dtype" must be "float32", got "int32".',
  ],
  [
    stepping(({ add }) => add([2], "uniform", { name: "slot" })),
    "TypeError",
    "ERR_OPTION_TYPE",
    'mine: "mine/slot": "initializer" must be "zeros", "ones", an initializer such as initializers.get("uniform"), or a function of the shape, got "uniform".',
  ],
  [
    stepping(({ add }) => add([2], () => [1, 2, 3])),
    "ValueError",
    "ERR_VALUES_SHAPE",
    'Variable "mine/variable": expected 2 values, got 3 values.',
  ],
  [
    () => {
      class Uneven extends Plain {
        static override readonly className = "Uneven";
        override build(variables: Variable[]): void {
          super.build(variables);
          this.addOptimizerVariables(variables, ["a", "b"], ["zeros"]);
        }
      }
      new Uneven().build([bias()]);
    },
    "ValueError",
    "ERR_OPTION_RANGE",
    "addOptimizerVariables: expected as many initializers as names, 2, got 1.",
  ],
  [
    () => {
      class Late extends Plain {
        static override readonly className = "Late";
        override updateStep(): void {
          this.addVariable([]);
        }
      }
      new Late().apply([[1, 2]], [bias()]);
    },
    "ValueError",
    "ERR_BUSY",
    "mine is built already: make its state in the method build(variables), which runs once, after super.build(variables).",
  ],
  [
    () => {
      class Unbuilt extends Plain {
        static override readonly className = "Unbuilt";
        override build(_: Variable[]): void {}
      }
      new Unbuilt().build([bias()]);
    },
    "ValueError",
    "ERR_NOT_BUILT",
    "mine: build must call super.build(variables).",
  ],
  [
    () => {
      class Waiting extends Plain {
        static override readonly className = "Waiting";
        override async updateStep(): Promise<void> {}
      }
      new Waiting().apply([[1, 2]], [bias()]);
    },
    "TypeError",
    "ERR_OPTION_TYPE",
    "mine: updateStep must be synchronous, got a promise. Remove async, and await everything before the step.",
  ],
  [
    () => {
      class Misshapen extends Plain {
        static override readonly className = "Misshapen";
        override updateStep(_: Tensor<"float32">, variable: Variable): void {
          variable.assign([1, 2, 3]);
        }
      }
      new Misshapen().apply([[1, 2]], [bias()]);
    },
    "ValueError",
    "ERR_VALUES_SHAPE",
    'Variable "bias": expected 2 values, got 3 values.',
  ],
];

export const multipliers: Rows = [
  [
    () => new Plain({ learningRateMultipliers: 0.1 as never }),
    "TypeError",
    "ERR_OPTION_TYPE",
    'Plain: "learningRateMultipliers" must be an object of factors by pattern, such as { "encoder/.*": 0.1 }, or a list of pairs of a layer, variables or a pattern and a factor, got 0.1.',
  ],
  [
    () => new Plain({ weightDecayMultipliers: { "(": 1 } }),
    "ValueError",
    "ERR_OPTION_RANGE",
    `Plain: "weightDecayMultipliers" must have regular expressions as keys: ${regexpFault("^(?:()$")}.`,
  ],
  [
    () => new Plain({ learningRateMultipliers: { a: -1 } }),
    "ValueError",
    "ERR_OPTION_RANGE",
    'Plain: "learningRateMultipliers" must be 0 or above, got -1.',
  ],
  [
    () => new Plain({ learningRateMultipliers: { ".*": 1, "b.*": 0.5 } }).build([bias()]),
    "ValueError",
    "ERR_OPTION_CONFLICT",
    'Plain: "learningRateMultipliers" has 2 factors for the variable "bias". Write patterns that exclude each other, or its path as a key.',
  ],
  [
    () => new Plain({ learningRate: 1e38, learningRateMultipliers: { bias: 100 } }).apply([[1, 2]], [bias()]),
    "ValueError",
    "ERR_OPTION_RANGE",
    'mine: the learning rate of "bias" must be a finite number, got 1e+38 times 100.',
  ],
];
