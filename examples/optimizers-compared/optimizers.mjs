// The optimizers: a name, a usual rate at which the search begins, and a function that creates one. All have the weight
// decay of AdamW, and the defaults of their class, except for the options set in this file. `steps` is the length of
// the run.

import * as gradstep from "gradstep";

const {
  AdamW,
  AdEMAMix,
  CosineDecay,
  Lookahead,
  MARS,
  Muon,
  Prodigy,
  DAdaptAdam,
  RMSprop,
  SAM,
  ScheduleFree,
  SGD,
  SWA,
} = gradstep;

const weightDecay = 0.004;

/** Cosine decay to 0, for all optimizers that do not need a constant rate. */
const cosine = (rate, steps) => new CosineDecay({ initialLearningRate: rate, decaySteps: steps });

/** A class with its defaults; the rate falls along a cosine, or stays. */
const plain = (name, rate, options = {}) => ({
  name,
  rate,
  // biome-ignore lint/performance/noDynamicNamespaceImportAccess: nothing here is bundled
  make: (rate, steps) => new gradstep[name]({ learningRate: cosine(rate, steps), weightDecay, ...options }),
});
const constant = (name, rate) => ({
  name,
  rate,
  // biome-ignore lint/performance/noDynamicNamespaceImportAccess: nothing here is bundled
  make: (rate) => new gradstep[name]({ learningRate: rate, weightDecay }),
});
const adamW = (rate, steps, options = {}) => new AdamW({ learningRate: cosine(rate, steps), weightDecay, ...options });
const withOption = (name, options) => ({
  name: `AdamW, ${name}`,
  rate: 1e-3,
  make: (rate, steps) => adamW(rate, steps, options),
});
/** An optimizer that adapts its rate: no search. */
const found = (Class) => ({
  name: Class.className,
  make: (_, steps) => new Class({ learningRate: cosine(1, steps), weightDecay }),
});

/** AdamW, the reference, comes first. */
export const OPTIMIZERS = [
  plain("AdamW", 1e-3),
  {
    name: "SGD, momentum 0.9",
    rate: 0.1,
    make: (rate, steps) => new SGD({ learningRate: cosine(rate, steps), momentum: 0.9, nesterov: true, weightDecay }),
  },
  plain("RMSprop", 1e-3),
  plain("Adagrad", 1e-2),
  plain("Adamax", 1e-3),
  plain("Nadam", 1e-3),
  plain("Adafactor", 1e-2),
  plain("Lion", 1e-4),
  plain("Lamb", 1e-2),
  { name: "Muon", rate: 3e-3, make: (rate, steps) => muon(rate, steps) },
  { name: "Muon, polarExpress", rate: 3e-3, make: (rate, steps) => muon(rate, steps, { polarExpress: true }) },
  { name: "Muon, normuonBeta2 0.95", rate: 3e-3, make: (rate, steps) => muon(rate, steps, { normuonBeta2: 0.95 }) },
  plain("NAdamW", 1e-3),
  plain("RAdam", 1e-3),
  plain("AdaBelief", 1e-3),
  plain("Yogi", 1e-2),
  plain("Signum", 3e-4),
  plain("ADOPT", 1e-3),
  {
    // Its slow average is for runs of 10,000 steps or more.
    name: "AdEMAMix, beta3 0.99",
    rate: 1e-3,
    make: (rate, steps) =>
      new AdEMAMix({ learningRate: cosine(rate, steps), weightDecay, beta3: 0.99, warmupSteps: steps }),
  },
  plain("Adan", 3e-3),
  { name: "MARS", rate: 3e-3, make: (rate, steps) => new MARS({ learningRate: cosine(rate, steps), weightDecay }) },
  plain("SOAP", 3e-3),
  plain("StableAdamW", 1e-3),
  plain("LARS", 1),
  found(Prodigy),
  found(DAdaptAdam),
  constant("ScheduleFreeAdamW", 3e-3),
  constant("ScheduleFreeSGD", 1),
  constant("ScheduleFreeRAdam", 3e-3),
  {
    name: "ScheduleFree of RMSprop",
    rate: 3e-3,
    make: (rate) => new ScheduleFree(new RMSprop({ learningRate: rate, weightDecay })),
  },
  { name: "SAM of AdamW, two gradients a step", rate: 1e-3, make: (rate, steps) => new SAM(adamW(rate, steps)) },
  { name: "Lookahead of AdamW", rate: 1e-3, make: (rate, steps) => new Lookahead(adamW(rate, steps)) },
  {
    name: "SWA of AdamW, the last quarter",
    rate: 1e-3,
    make: (rate, steps) =>
      new SWA(new AdamW({ learningRate: rate, weightDecay }), { startAveraging: Math.floor(0.75 * steps) }),
  },
  withOption("cautious", { cautious: true }),
  withOption("cautiousWeightDecay", { cautiousWeightDecay: true }),
  withOption("gradientCentralization", { gradientCentralization: true }),
  withOption("adaptiveClip 0.01", { adaptiveClip: 0.01 }),
  withOption("clipThreshold 1", { clipThreshold: 1 }),
  withOption("stateDtype bfloat16", { stateDtype: "bfloat16" }),
  withOption("stateDtype uint8", { stateDtype: "uint8" }),
];

function muon(rate, steps, options = {}) {
  return new Muon({ learningRate: cosine(rate, steps), weightDecay, adamWeightDecay: weightDecay, ...options });
}
