"""AdaBelief."""

from foreign import FromOptax


class AdaBelief(FromOptax):
    SOURCE = "optax 0.2.8: adabelief, both of its epsilons the same"
    OWN = {"beta_1": 0.9, "beta_2": 0.999, "epsilon": 1e-16}
    SLOTS = {"momentum": 0.0, "velocity": 0.0}

    def rule(self, rate, decay):
        import optax

        return optax.adabelief(rate, b1=self.beta_1, b2=self.beta_2, eps=self.epsilon, eps_root=self.epsilon)
