"""DAdaptAdam."""

from foreign import FromTorchAll


class DAdaptAdam(FromTorchAll):
    SOURCE = "dadaptation 3.2: DAdaptAdam, decoupled"
    RATE = 1.0
    OWN = {"beta_1": 0.9, "beta_2": 0.999, "epsilon": 1e-8, "d0": 1e-6, "use_bias_correction": False}
    SLOTS = {"momentum": 0.0, "velocity": 0.0, "gradient_sum": 0.0}
    STATE = {"momentum": "exp_avg", "velocity": "exp_avg_sq", "gradient_sum": "s"}
    NUMERATOR = "numerator_weighted"

    def rule(self, groups, rate):
        from dadaptation import DAdaptAdam as Package

        return Package(
            groups, lr=rate, betas=(self.beta_1, self.beta_2), eps=self.epsilon, d0=self.d0, use_bias_correction=self.use_bias_correction,
            decouple=True,
        )
