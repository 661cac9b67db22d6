/** One hash per optimizer: equal hashes mean equal bits. */

import { hashOf } from "./bytes.js";
import { started, trialsOf, variablesOf } from "./optimizers.js";
import { Random } from "./random.js";

const STEPS = 500;

/** Of 500 steps with every configuration of the optimizer's golden file. */
export function fingerprint(className: string): Promise<string> {
  const seen: (Float32Array | Int32Array | Float64Array)[] = [];
  for (const trial of trialsOf(className)) {
    const random = new Random(500);
    const optimizer = started(trial);
    const variables = variablesOf((length) => random.values(length, 0.5));
    for (let step = 0; step < STEPS; step++) {
      // Large, small, and now and then missing gradients.
      const size = step % 10 === 9 ? 100 : 1 / (1 + (step % 4));
      const gradients = variables.map(({ size: length }, i) => {
        const gradient = random.values(length, size, 5);
        return (step + i) % 11 === 0 ? null : gradient;
      });
      optimizer.apply(gradients, variables);
      if (step % 50 === 49) seen.push(...variables.map((variable) => variable.array()));
    }
    // The rate is among the variables or comes from a schedule: its bits count as well.
    seen.push(...optimizer.variables.map((variable) => variable.array()), Float32Array.of(optimizer.learningRate));
    optimizer.dispose();
    for (const variable of variables) variable.dispose();
  }
  return hashOf(seen);
}
