"""ScheduleFreeRAdam."""

from schedule_free import ScheduleFree


class ScheduleFreeRAdam(ScheduleFree):
    SOURCE = "schedulefree 1.4.1: RAdamScheduleFree"
    RATE = 0.0025
    OWN = {"beta_1": 0.9, "beta_2": 0.999, "epsilon": 1e-8, "silent_sgd_phase": True}
    SLOTS = {"z": "variable", "velocity": 0.0}
    STATE = {"z": "z", "velocity": "exp_avg_sq"}

    def rule(self, parameters, rate, decay):
        from schedulefree import RAdamScheduleFree as Package

        betas = (self.beta_1, self.beta_2)
        return Package(parameters, lr=rate, betas=betas, eps=self.epsilon, weight_decay=decay, silent_sgd_phase=self.silent_sgd_phase, foreach=False)
