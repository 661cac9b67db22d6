/** Options that Keras lacks, against vectors of optax, timm and pytorch_optimizer: test/golden/options_beyond.py has the calls. */

import { expect, it } from "vitest";
import { Variable } from "../../ts/index.js";
import { float32s } from "../support/bytes.js";
import { goldenFile } from "../support/golden.js";
import { make } from "../support/optimizers.js";

interface Document {
  readonly shapes: readonly (readonly number[])[];
  readonly weights: readonly string[];
  readonly gradients: readonly (readonly string[])[];
  readonly cases: readonly {
    readonly optimizer: string;
    readonly config: Readonly<Record<string, unknown>>;
    readonly source: string;
    readonly tolerance: number;
    readonly steps: readonly (readonly string[])[];
  }[];
}

const { shapes, weights, gradients, cases } = goldenFile<Document>("options-beyond-keras.json");

it.each(cases)("$optimizer with $config is that of $source", ({ optimizer: name, config, tolerance, steps }) => {
  const optimizer = make(name, config);
  const variables = shapes.map((shape, i) => new Variable(float32s(weights[i]!), { shape: [...shape] }));
  steps.forEach((after, step) => {
    optimizer.apply(gradients[step]!.map(float32s) as never, variables);
    after.forEach((expected, i) => {
      const got = variables[i]!.array();
      float32s(expected).forEach((w, j) => {
        expect(Math.abs(got[j]! - w), `step ${step}, variable ${i}, element ${j}: ${got[j]} for ${w}`).toBeLessThan(
          tolerance,
        );
      });
    });
  });
});
