"""The options that every optimizer has, alone and together, for one optimizer."""


# The options are Keras's in every optimizer: for those that it lacks, these say that they act around the rule.
BEYOND = {
    "defaults",
    "wide magnitudes",
    "sparse gradients",
    "gaps",
    "schedule",
    "weight_decay + exclude",
    "gradient_accumulation_steps 3 + gaps",
    "weight_decay + exclude + clipnorm + use_ema + loss_scale_factor + gradient_accumulation_steps",
}


def base_cases(optimizer, is_beyond):
    """`optimizer` is a row of the table in `own_arguments.py`."""
    names = BEYOND - optimizer.get("without", set())
    cases = [case for case in _all_cases(optimizer) if not is_beyond or case["id"] in names]
    # A rule that finds its rate grows without end on gradients that do not turn, as those of most streams.
    return [{**case, "stream": optimizer["defaults"]} if case["id"] == "defaults" and "defaults" in optimizer else case for case in cases]


def _all_cases(optimizer):
    lively = {"learning_rate": optimizer["rate"], **optimizer.get("lively", {})}
    scheduled = {**lively, "learning_rate": optimizer["schedule"](optimizer["rate"])}
    # AdamW and Muon decay by default: stay off that value, too.
    decay = {"weight_decay": 0.03}
    exclude = ["bias", "scale"]

    def case(name, stream, config, base=lively, **extra):
        return {"id": name, "config": {**base, **config}, "stream": stream, **extra}

    return [
        case("defaults", "plain", {}, base={}),
        case("wide magnitudes", "wide", {}),
        case("sparse gradients", "sparse", {}),
        case("gaps", "gaps", {}),
        case("schedule", "compact", {}, base=scheduled),
        case("weight_decay", "compact", decay),
        case("weight_decay + exclude", "compact", {"weight_decay": 0.1}, excludeFromWeightDecay=exclude),
        case("clipnorm", "large", {"clipnorm": 1.0}),
        case("clipvalue", "large", {"clipvalue": 0.5}),
        case("global_clipnorm", "large", {"global_clipnorm": 1.5}),
        case("use_ema", "compact", {"use_ema": True}),
        case(
            "use_ema + ema_momentum + ema_overwrite_frequency",
            "compact",
            {"use_ema": True, "ema_momentum": 0.8, "ema_overwrite_frequency": 7},
        ),
        case("loss_scale_factor", "large", {"loss_scale_factor": 48.0}),
        case("gradient_accumulation_steps 2", "compact", {"gradient_accumulation_steps": 2}),
        case("gradient_accumulation_steps 3 + gaps", "gaps", {"gradient_accumulation_steps": 3}),
        case(
            "weight_decay + exclude + clipnorm + use_ema + loss_scale_factor + gradient_accumulation_steps",
            "large",
            {
                "weight_decay": 0.02,
                "clipnorm": 0.7,
                "use_ema": True,
                "ema_momentum": 0.9,
                "ema_overwrite_frequency": 5,
                "loss_scale_factor": 8.0,
                "gradient_accumulation_steps": 2,
            },
            excludeFromWeightDecay=["table|bias"],
        ),
        case(
            "schedule + weight_decay + global_clipnorm + use_ema + loss_scale_factor + gradient_accumulation_steps + gaps",
            "gaps",
            {
                "weight_decay": 0.05,
                "global_clipnorm": 0.06,
                "use_ema": True,
                "ema_momentum": 0.95,
                "loss_scale_factor": 3.0,
                "gradient_accumulation_steps": 3,
            },
            base=scheduled,
        ),
    ]
