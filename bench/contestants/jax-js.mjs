// jax-js on its wasm backend. Its optimizers are a package of their own, `@jax-js/optax`, which npm did not have;
// so Adam and SGD are written here with its `jit`, which fuses a rule into one kernel: what that package can at best be.

import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { LEARNING_RATE } from "../cases.mjs";
import { gradientOf, startOf } from "../gradients.mjs";

const B1 = 0.9;
const B2 = 0.999;
const EPSILON = 1e-7;

/** `{ slots, scalars(t), rule }`: the rule maps (w, g, slots..., scalars) to the new [w, slots...], and consumes all. */
function rules({ numpy: np }) {
  return {
    Adam: {
      slots: 2,
      scalars: (t) => [(LEARNING_RATE * Math.sqrt(1 - B2 ** t)) / (1 - B1 ** t)],
      rule(w, g, m, v, alpha) {
        const newM = m.mul(B1).add(g.ref.mul(1 - B1));
        const newV = v.mul(B2).add(np.square(g).mul(1 - B2));
        const step = newM.ref.mul(alpha).div(np.sqrt(newV.ref).add(EPSILON));
        return [w.sub(step), newM, newV];
      },
    },
    SGD: { slots: 0, scalars: () => [], rule: (w, g) => [w.sub(g.mul(LEARNING_RATE))] },
  };
}

function make(jax, problem) {
  const found = rules(jax)[problem.optimizer];
  if (found === undefined) return undefined;
  const { numpy: np } = jax;
  const rule = jax.jit(found.rule);
  const gradients = Array.from({ length: problem.count }, (_, i) => np.array(gradientOf(problem, i)));
  const states = gradients.map((_, i) => [
    np.array(startOf(problem, i)),
    ...Array.from({ length: found.slots }, () => np.zeros([problem.length])),
  ]);
  let t = 0;
  const step = () => {
    const scalars = found.scalars(++t).map((x) => np.array(x));
    states.forEach(([w, ...slots], i) => {
      states[i] = rule(w, gradients[i].ref, ...slots, ...scalars.map((x) => x.ref));
    });
    for (const scalar of scalars) scalar.dispose();
  };
  return {
    async run(steps) {
      const start = performance.now();
      for (let i = 0; i < steps; i++) {
        step();
        await jax.blockUntilReady(states);
      }
      return performance.now() - start;
    },
    weights: (n) => states[0][0].ref.dataSync().slice(0, n),
    dispose() {
      for (const array of [...states.flat(), ...gradients]) array.dispose();
      rule.dispose?.();
    },
  };
}

/** Its wasm backend; `make(jax, problem)` is the contestant's. */
export async function openJax(make) {
  const jax = await import("@jax-js/jax");
  const devices = await jax.init("wasm");
  if (!devices.includes("wasm")) return { missing: "its wasm backend did not start" };
  jax.defaultDevice("wasm");
  const entry = createRequire(import.meta.url).resolve("@jax-js/jax");
  const { version } = JSON.parse(readFileSync(new URL("../package.json", `file://${entry}`), "utf8"));
  return { version: `jax-js ${version} wasm`, make: (problem) => make(jax, problem), close() {} };
}

export const jaxJs = { id: "jaxJs", label: "jax-js wasm", litters: true, open: () => openJax(make) };
