"""AdEMAMix."""

from foreign import FromTorch


class AdEMAMix(FromTorch):
    SOURCE = "pytorch_optimizer 4.1.0: AdEMAMix, its decay by Keras"
    OWN = {"beta_1": 0.9, "beta_2": 0.999, "beta_3": 0.9999, "alpha": 5.0, "epsilon": 1e-8, "warmup_steps": 0}
    SLOTS = {"momentum": 0.0, "velocity": 0.0, "slow_momentum": 0.0}
    STATE = {"momentum": "exp_avg", "velocity": "exp_avg_sq", "slow_momentum": "exp_avg_slow"}

    def rule(self, parameters, rate, decay):
        from pytorch_optimizer import AdEMAMix as Authors

        betas = (self.beta_1, self.beta_2, self.beta_3)
        warmup = self.warmup_steps or None
        return Authors(parameters, lr=rate, betas=betas, alpha=self.alpha, t_alpha_beta3=warmup, eps=self.epsilon, foreach=False)
