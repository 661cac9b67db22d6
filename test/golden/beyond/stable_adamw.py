"""StableAdamW."""

from foreign import FromTorch


class StableAdamW(FromTorch):
    SOURCE = "pytorch_optimizer 4.1.0: StableAdamW"
    DECAY = 0.01
    OWN = {"beta_1": 0.9, "beta_2": 0.99, "epsilon": 1e-8}
    SLOTS = {"momentum": 0.0, "velocity": 0.0}

    def _apply_weight_decay(self, variables):
        """The package decays by the rate of the step."""

    def rule(self, parameters, rate, decay):
        from pytorch_optimizer import StableAdamW as Package

        betas = (self.beta_1, self.beta_2)
        return Package(parameters, lr=rate, betas=betas, eps=self.epsilon, weight_decay=decay, weight_decouple=True, kahan_sum=False, foreach=False)
