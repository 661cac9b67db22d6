"""Adan."""

from foreign import FromTorch


class Adan(FromTorch):
    SOURCE = "timm 1.0.31: Adan, its decay by Keras (no_prox)"
    OWN = {"beta_1": 0.98, "beta_2": 0.92, "beta_3": 0.99, "epsilon": 1e-8}
    SLOTS = {"momentum": 0.0, "velocity": 0.0, "difference": 0.0, "previous_gradient": 0.0}
    STATE = {"momentum": "exp_avg", "velocity": "exp_avg_sq", "difference": "exp_avg_diff", "previous_gradient": "neg_pre_grad"}
    NEGATED = {"previous_gradient"}

    def rule(self, parameters, rate, decay):
        import torch_packages

        betas = (self.beta_1, self.beta_2, self.beta_3)
        return torch_packages.timm_module("adan").Adan(parameters, lr=rate, betas=betas, eps=self.epsilon, foreach=False)
