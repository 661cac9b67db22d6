/**
 * The list of optimizers with an update rule, one line each. ts/ has no other list of them.
 *
 * @module
 */

export { AdaBelief, type AdaBeliefOptions } from "./adabelief.js";
export { Adadelta, type AdadeltaOptions } from "./adadelta.js";
export { Adafactor, type AdafactorOptions } from "./adafactor.js";
export { Adagrad, type AdagradOptions } from "./adagrad.js";
export { Adam, type AdamOptions } from "./adam.js";
export { Adamax, type AdamaxOptions } from "./adamax.js";
export { AdamW, type AdamWOptions } from "./adamw.js";
export { Adan, type AdanOptions } from "./adan.js";
export { AdEMAMix, type AdEMAMixOptions } from "./ademamix.js";
export { ADOPT, type ADOPTOptions } from "./adopt.js";
export { DAdaptAdam, type DAdaptAdamOptions } from "./dadapt-adam.js";
export { Ftrl, type FtrlOptions } from "./ftrl.js";
export { Lamb, type LambOptions } from "./lamb.js";
export { LARS, type LARSOptions } from "./lars.js";
export { Lion, type LionOptions } from "./lion.js";
export { MARS, type MARSOptions } from "./mars.js";
export { Muon, type MuonOptions } from "./muon.js";
export { Nadam, type NadamOptions } from "./nadam.js";
export { NAdamW, type NAdamWOptions } from "./nadamw.js";
export { Prodigy, type ProdigyOptions } from "./prodigy.js";
export { RAdam, type RAdamOptions } from "./radam.js";
export { RMSprop, type RMSpropOptions } from "./rmsprop.js";
export { Rprop, type RpropOptions } from "./rprop.js";
export { ScheduleFreeAdamW, type ScheduleFreeAdamWOptions } from "./schedule-free-adamw.js";
export { ScheduleFreeRAdam, type ScheduleFreeRAdamOptions } from "./schedule-free-radam.js";
export { ScheduleFreeSGD, type ScheduleFreeSGDOptions } from "./schedule-free-sgd.js";
export { SGD, type SGDOptions } from "./sgd.js";
export { Signum, type SignumOptions } from "./signum.js";
export { SOAP, type SOAPOptions } from "./soap.js";
export { StableAdamW, type StableAdamWOptions } from "./stable-adamw.js";
export { Yogi, type YogiOptions } from "./yogi.js";
