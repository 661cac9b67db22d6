"""Prodigy."""

from foreign import FromTorchAll


class Prodigy(FromTorchAll):
    SOURCE = "prodigyopt 1.1.2: Prodigy"
    RATE = 1.0
    OWN = {"beta_1": 0.9, "beta_2": 0.999, "beta_3": None, "epsilon": 1e-8, "d0": 1e-6, "d_coef": 1.0, "use_bias_correction": False}
    SLOTS = {"momentum": 0.0, "velocity": 0.0, "gradient_sum": 0.0, "first_weights": "variable"}
    STATE = {"momentum": "exp_avg", "velocity": "exp_avg_sq", "gradient_sum": "s", "first_weights": "p0"}
    NUMERATOR = "d_numerator"
    FLAT = {"gradient_sum", "first_weights"}

    def rule(self, groups, rate):
        from prodigyopt import Prodigy as Package

        return Package(
            groups, lr=rate, betas=(self.beta_1, self.beta_2), beta3=self.beta_3, eps=self.epsilon, d0=self.d0, d_coef=self.d_coef,
            use_bias_correction=self.use_bias_correction,
        )
