/** Methods that were taken from their objects, as by `const { fit } = model`, and static ones passed to `map`. */

import { expect, it } from "vitest";
import * as gradstep from "../../ts/index.js";
import { ALL_CLASSES } from "../support/public-classes.js";

/** Methods that only the library or subclasses call, and hooks, which `fit` calls. */
const INNER = new Set(
  `add addWeight addVariable builtByHand buildUndo stateUndo call change checkLive checkSelf checkUnbuilt checkUpdate decayFactor
  defaultName differs drawSeed ends exchange forward inputRanges labelRange loss next noteChange numbers
  outputShapesFor checksAll predicted rest saved savedClass secondSide setModel setParams shapeBehind arranged sharedAs step unbuild update
  updateAlone updateStep values write runFailed remoteNeeds merge convolve`.split(/\s+/),
);

/** Each object has its own `build` and `computeOutputShape`, which need no `this`. */
const BOUND = new Set(["build", "computeOutputShape"]);

const isTaken = (name: string) =>
  !(name === "constructor" || INNER.has(name) || BOUND.has(name) || /^on[A-Z]/.test(name));

type Methods = readonly (readonly [label: string, name: string, method: (...given: unknown[]) => unknown])[];

function methodsOf(path: string, holder: object): Methods {
  return Object.entries(Object.getOwnPropertyDescriptors(holder)).flatMap(([name, { value }]) =>
    typeof value === "function" && isTaken(name) && !/^class\b/.test(String(value))
      ? [[`${path}.${name}`, name, value] as const]
      : [],
  );
}

const METHODS = ALL_CLASSES.flatMap(([path, made]) => [
  ...methodsOf(path, made.prototype as object),
  ...methodsOf(`static ${path}`, made),
]);

/** The error that a call throws or rejects with. */
async function refusal(call: () => unknown): Promise<unknown> {
  try {
    return { returned: await call() };
  } catch (error) {
    return error;
  }
}

it("name the correct call, in every class", async () => {
  expect(METHODS.length).toBeGreaterThan(170);
  const faults: string[] = [];
  for (const [label, name, method] of METHODS) {
    for (const self of [undefined, null, {}, 1]) {
      const error = (await refusal(() => method.call(self))) as { readonly code?: unknown; readonly message?: unknown };
      const expected = `${name} was called without its object: write object.${name}(...), or object.${name}.bind(object).`;
      if (error.code === "ERR_OPTION_TYPE" && error.message === expected) continue;
      faults.push(`${label} of ${self}: ${String(error.message ?? JSON.stringify(error))}`);
    }
  }
  expect(faults).toEqual([]);
});

it("change nothing", () => {
  const w = new gradstep.Variable([1]);
  const optimizer = new gradstep.SGD();
  const { applyGradients, apply } = optimizer;
  for (const call of [() => applyGradients([[[1], w]]), () => apply([[1]], [w])]) {
    expect(call).toThrow(/was called without its object/);
  }
  expect([w.value[0], optimizer.iterations]).toEqual([1, 0]);
  const configs = [new gradstep.layers.Dense(1).getConfig()];
  expect(() => configs.map(gradstep.layers.Dense.fromConfig as never)).toThrow(
    /^fromConfig was called without its object/,
  );
  const { build, computeOutputShape } = new gradstep.layers.Dense(2);
  build([null, 3]);
  expect(computeOutputShape([null, 3])).toEqual([null, 2]);
});
