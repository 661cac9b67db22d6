"""LARS."""

from foreign import FromOptax


class LARS(FromOptax):
    SOURCE = "optax 0.2.8: lars"
    RATE = 1.0
    OWN = {"momentum": 0.9, "trust_coefficient": 0.001, "nesterov": False}
    SLOTS = {"momentum": 0.0}
    STATE = {"momentum": "trace"}

    def _apply_weight_decay(self, variables):
        """The rule adds it to the gradient."""

    def rule(self, rate, decay):
        import optax

        return optax.lars(rate, weight_decay=decay, trust_coefficient=self.trust_coefficient, momentum=self.momentum, nesterov=self.nesterov)
