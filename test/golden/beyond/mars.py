"""MARS."""

from foreign import FromTorch


class MARS(FromTorch):
    SOURCE = "timm 1.0.31: Mars, its decay by Keras"
    RATE = 0.003
    OWN = {"beta_1": 0.95, "beta_2": 0.99, "gamma": 0.025, "epsilon": 1e-8, "optimize_1d": False}
    SLOTS = {"momentum": 0.0, "velocity": 0.0, "previous_gradient": 0.0}
    STATE = {"momentum": "exp_avg", "velocity": "exp_avg_sq", "previous_gradient": "last_grad"}

    def has_slot(self, name, variable):
        return name != "previous_gradient" or len(variable.shape) >= 2 or self.optimize_1d

    def rule(self, parameters, rate, decay):
        import torch_packages

        betas = (self.beta_1, self.beta_2)
        return torch_packages.timm_module("mars").Mars(
            parameters, lr=rate, betas=betas, gamma=self.gamma, eps=self.epsilon, optimize_1d=self.optimize_1d, betas_1d=(0.9, 0.95)
        )
