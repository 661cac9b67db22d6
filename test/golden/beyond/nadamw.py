"""NAdamW."""

from foreign import FromOptax


class NAdamW(FromOptax):
    SOURCE = "optax 0.2.8: nadamw, its decay by Keras"
    DECAY = 1e-4
    OWN = {"beta_1": 0.9, "beta_2": 0.999, "epsilon": 1e-8}
    SLOTS = {"momentum": 0.0, "velocity": 0.0}

    def rule(self, rate, decay):
        import optax

        return optax.nadamw(rate, b1=self.beta_1, b2=self.beta_2, eps=self.epsilon, weight_decay=0.0)
