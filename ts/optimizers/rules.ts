/**
 * THE list of optimizers with an update rule: one line each. Those of Keras are in no other list of ts/.
 *
 * @module
 */

export { Adadelta, type AdadeltaOptions } from "./adadelta.js";
export { Adafactor, type AdafactorOptions } from "./adafactor.js";
export { Adagrad, type AdagradOptions } from "./adagrad.js";
export { Adam, type AdamOptions } from "./adam.js";
export { Adamax, type AdamaxOptions } from "./adamax.js";
export { AdamW, type AdamWOptions } from "./adamw.js";
export { Ftrl, type FtrlOptions } from "./ftrl.js";
export { Lamb, type LambOptions } from "./lamb.js";
export { Lion, type LionOptions } from "./lion.js";
export { Muon, type MuonOptions } from "./muon.js";
export { Nadam, type NadamOptions } from "./nadam.js";
export { RMSprop, type RMSpropOptions } from "./rmsprop.js";
export { ScheduleFreeAdamW, type ScheduleFreeAdamWOptions } from "./schedule-free-adamw.js";
export { SGD, type SGDOptions } from "./sgd.js";
