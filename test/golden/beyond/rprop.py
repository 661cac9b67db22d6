"""Rprop."""

import numpy as np

from foreign import FromTorch


class Rprop(FromTorch):
    SOURCE = "torch 1.13: Rprop"
    RATE = 0.01
    OWN = {"eta_minus": 0.5, "eta_plus": 1.2, "min_step_size": 1e-6, "max_step_size": 50.0}
    SLOTS = {"previous_gradient": 0.0, "step_size": 0.0}
    STATE = {"previous_gradient": "prev", "step_size": "step_size"}

    def rule(self, parameters, rate, decay):
        import torch

        steps = (self.min_step_size, self.max_step_size)
        return torch.optim.Rprop(parameters, lr=rate, etas=(self.eta_minus, self.eta_plus), step_sizes=steps)

    def updated(self, w, g, rate, slots, variable):
        # torch starts each size at the rate.
        sizes = np.where(slots["step_size"] == 0, rate, slots["step_size"])
        return super().updated(w, g, rate, {**slots, "step_size": sizes}, variable)
