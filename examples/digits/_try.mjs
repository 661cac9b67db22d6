import { Adam, SGD, schedules } from "gradstep";
import { loadDigits } from "./data.mjs";
import { stepsFor, train } from "./train.mjs";
const digits = loadDigits();
for (const [n, O, r, o] of [["adam",Adam,.005],["adam",Adam,.01],["adam",Adam,.02],["adam",Adam,.05],["sgd",SGD,.2,{momentum:.9}],["sgd",SGD,.05,{momentum:.9}],["sgd",SGD,.5,{momentum:.9}]]) {
  const t=performance.now();
  console.log(n, r, train(new O({learningRate:new schedules.CosineDecay({initialLearningRate:r,decaySteps:stepsFor(digits.train),alpha:.01}),...o}), digits), (performance.now()-t).toFixed());
}
