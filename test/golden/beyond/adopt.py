"""ADOPT."""

from foreign import FromOptax


class ADOPT(FromOptax):
    SOURCE = "optax 0.2.8: adopt, its decay by Keras from the second step on, as in the authors' code"
    OWN = {"beta_1": 0.9, "beta_2": 0.9999, "epsilon": 1e-6}
    SLOTS = {"momentum": 0.0, "velocity": 0.0}

    def _apply_weight_decay(self, variables):
        if self.t > 1:
            super()._apply_weight_decay(variables)

    def rule(self, rate, decay):
        from optax.contrib import adopt

        return adopt(rate, b1=self.beta_1, b2=self.beta_2, eps=self.epsilon)
