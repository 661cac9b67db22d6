// The measurements inside an engine, Node or a page; `index.mjs` starts them. All contestants of a part take turns, as in the rest of the benchmark.

import { initSync, memoryUse, ops, tensor } from "../../dist/index.js";
import { setThreads } from "../../dist/threads/index.js";
import { configureThreads } from "../../dist/threads/program-threads.js";
import { makeCase, TRAINING } from "../cases.mjs";
import { gradstepFit, gradstepTensors } from "../contestants/gradstep.mjs";
import { tensorflowFits, tensorflowProducts, tensorflowWasm } from "../contestants/tensorflow-js.mjs";
import { uniform } from "../data.mjs";
import { compareLosses, measureCase, timed } from "../measure/rounds.mjs";

/** Seconds for all contestants of a product, a step of an optimizer, a training step. */
const SECONDS = { product: 1, step: 2, fit: 4 };
/** Jobs with fewer numbers stay on one thread: more than any measured job has. */
const NEVER = 2 ** 28;
const USUAL = 2 ** 15;

const PRODUCTS = [
  [64, 64, 64],
  [128, 784, 128],
  [256, 256, 256],
  [512, 512, 512],
  [1024, 1024, 1024],
].map(([m, k, n]) => ({
  kind: "product",
  label: m === n && n === k ? `${m}³` : `${m} × ${k} × ${n}`,
  size: [m, k, n],
  operations: 2 * m * k * n,
  elements: m * k + k * n + m * n,
}));

const SIZES = [
  ["64k", [256, 256]],
  ["1M", [1024, 1024]],
  ["16M", [4096, 4096]],
];
const stepOf = (optimizer, [label, shape]) => ({
  ...makeCase(optimizer, { id: label, label, count: 1, shape }, "normal"),
  kind: "step",
  label: `${optimizer} ${label}`,
});
const STEPS = [
  ...SIZES.map((size) => stepOf("Adam", size)),
  ...["Adafactor", "Lamb"].map((optimizer) => stepOf(optimizer, SIZES[1])),
  stepOf("Muon", SIZES[0]),
];
const FITS = TRAINING.filter(({ only }) => only === undefined).map((one) => ({ ...one, kind: "fit" }));

/** Labels of what is measured, in the order of the tables. */
export const LABELS = [...PRODUCTS, ...STEPS, ...FITS].map(({ label }) => label);
/** Steps and training whose memory is measured. */
export const WITH_MEMORY = [...STEPS, ...FITS].map(({ label }) => label);

const gradstepProducts = {
  id: "gradstep",
  open: () => ({
    make({ size: [m, k, n] }) {
      const next = uniform(7);
      const [a, b] = [
        [m, k],
        [k, n],
      ].map(([rows, cols]) => tensor(Float32Array.from({ length: rows * cols }, next), [rows, cols]));
      return {
        run: (steps) => timed(() => ops.matmul(a, b).dispose(), steps),
        dispose() {
          a.dispose();
          b.dispose();
        },
      };
    },
  }),
};

const CONTESTANTS = {
  product: [gradstepProducts, tensorflowProducts],
  step: [gradstepTensors, tensorflowWasm],
  fit: [gradstepFit, tensorflowFits.find(({ id }) => id === "tfjsWasmFit")],
};
const IDS = ["gradstep", "tensorflow"];

/** The same contestant with jobs of this size on several threads: for turns of one thread and of all in one run. */
const onThreads = (contestant, id, least) => ({
  ...contestant,
  id,
  async make(one) {
    configureThreads({ least });
    const state = await contestant.make(one);
    const run = async (steps) => {
      configureThreads({ least });
      return state.run(steps);
    };
    return state && { ...state, run };
  },
});

async function opened(kind) {
  const found = [];
  for (const [i, contestant] of CONTESTANTS[kind].entries()) {
    found.push({ ...contestant, ...(await contestant.open()), id: IDS[i] });
  }
  return found;
}

/**
 * Measures products, steps and training. `mode` is "oneThread", "allThreads" or "relaxed"; `only` are the labels that are wanted.
 * Resolves to `{ threads, rows: [{ label, kind, operations?, measured: { id: summary }, notes: { id: text } }] }`.
 */
export async function measureInside({ mode, threads, only = LABELS }) {
  const isShared = mode === "allThreads";
  const count = isShared ? await setThreads(threads) : 1;
  if (mode === "relaxed" && !initSync({ relaxed: true })) return { threads: 1, rows: [] };
  const rows = [];
  for (const one of [...PRODUCTS, ...STEPS, ...FITS].filter(({ label }) => only.includes(label))) {
    if (mode === "relaxed" && one.kind === "step") continue;
    const [own, other] = await opened(one.kind);
    const contestants = isShared
      ? [onThreads(own, "gradstep", USUAL), onThreads(own, "oneThread", NEVER), other]
      : [own, other];
    const compare = one.kind === "fit" ? compareLosses : async () => {};
    const result = await measureCase(one, contestants, SECONDS[one.kind], { compare });
    rows.push({
      kind: one.kind,
      label: one.label,
      operations: one.operations,
      measured: Object.fromEntries(result.measured),
      notes: Object.fromEntries(result.notes),
    });
  }
  if (isShared) await setThreads(1);
  return { threads: count, rows };
}

/** A few steps of one contestant alone in its process, whose memory is then read. Resolves to bytes of WebAssembly memory in use at the end. */
export async function useMemory({ label, id, threads }) {
  if (threads > 1) await setThreads(threads);
  const one = [...STEPS, ...FITS].find((each) => each.label === label);
  const contestant = (await opened(one.kind)).find((each) => each.id === id);
  const state = await contestant.make(one);
  if (state === undefined) throw new Error("no such optimizer");
  await state.run(4);
  const { inUse } = memoryUse();
  await state.dispose();
  if (threads > 1) await setThreads(1);
  return inUse;
}
