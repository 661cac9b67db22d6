"""ScheduleFreeSGD."""

from schedule_free import ScheduleFree


class ScheduleFreeSGD(ScheduleFree):
    SOURCE = "schedulefree 1.4.1: SGDScheduleFree"
    RATE = 1.0
    OWN = {"momentum": 0.9, "warmup_steps": 0}
    SLOTS = {"z": "variable"}
    STATE = {"z": "z"}

    def rule(self, parameters, rate, decay):
        from schedulefree import SGDScheduleFree as Package

        return Package(parameters, lr=rate, momentum=self.momentum, weight_decay=decay, warmup_steps=self.warmup_steps, foreach=False)
