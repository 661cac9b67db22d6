"""SOAP, with preconditioners of each axis in float64.

Where a first gradient has fewer singular values than an axis is long, the eigenvectors of zero are whatever LAPACK leaves; here they, and the
signs of the others, are those of a QR decomposition of the others. The package computes Q in float32; here it is float64.
"""

import types

import numpy as np

from foreign import FromTorch, wide_of

LEAST = 1e-10
"""Eigenvalues below this share of the largest are zero."""


class SOAP(FromTorch):
    SOURCE = "pytorch_optimizer 4.1.0: SOAP, with a QR decomposition in float64"
    RATE = 0.003
    DECAY = 0.01
    OWN = {
        "beta_1": 0.95, "beta_2": 0.95, "epsilon": 1e-8, "shampoo_beta": None, "precondition_frequency": 10, "max_precondition_dim": 10000,
    }

    def build(self, variables):
        if self.built:
            return
        super().build(variables)
        for slots, variable in zip(self.slots, variables):
            for name in ["momentum", "velocity"]:
                slots[name] = self.add_variable_from_reference(variable, name=name)
            place = variable.path.replace("/", "_")
            for axis, length in enumerate(variable.shape):
                if len(variable.shape) > 1 and length <= self.max_precondition_dim:
                    for name in ["preconditioner", "basis"]:
                        slots[f"{name}_{axis}"] = self.add_variable([length, length], "zeros", name=f"{place}_{name}_{axis}")

    def _apply_weight_decay(self, variables):
        """The package has its own."""

    def update_step(self, gradient, variable, learning_rate):
        import torch_packages

        slots = self.slots_of(variable)
        parameter = torch_packages.parameter(wide_of(variable))
        parameter.grad = torch_packages.tensor(np.asarray(gradient, np.float64))
        rule = _package()(
            [parameter],
            lr=float(learning_rate),
            betas=(self.beta_1, self.beta_2),
            shampoo_beta=self.shampoo_beta,
            weight_decay=self.decay_of(variable),
            precondition_frequency=self.precondition_frequency,
            max_precondition_dim=self.max_precondition_dim,
            eps=self.epsilon,
        )
        (group,) = rule.param_groups
        axes = range(len(variable.shape))

        def matrices(name):
            return [torch_packages.tensor(wide_of(slots[f"{name}_{axis}"])) if f"{name}_{axis}" in slots else [] for axis in axes]

        bases = matrices("basis")
        # The first gradient of a matrix moves nothing, as in the code of the authors; the package skips the first step alone.
        has_begun = all(len(basis) == 0 or basis.abs().sum() > 0 for basis in bases)
        group["step"] = self.t - 1 if has_begun else 0
        if has_begun:
            rule.state[parameter] = {
                "exp_avg": torch_packages.tensor(wide_of(slots["momentum"])),
                "exp_avg_sq": torch_packages.tensor(wide_of(slots["velocity"])),
                "GG": matrices("preconditioner"),
                "Q": bases,
                "shampoo_beta": self.beta_2 if self.shampoo_beta is None else self.shampoo_beta,
                "precondition_frequency": self.precondition_frequency,
            }
        rule.step()
        state = rule.state[parameter]
        variable.assign(np.asarray(torch_packages.array(parameter), np.float32))
        new = {"momentum": state["exp_avg"], "velocity": state["exp_avg_sq"]}
        for axis in axes:
            new |= {f"preconditioner_{axis}": state["GG"][axis] if state["GG"] else [], f"basis_{axis}": state["Q"][axis] if state["Q"] else []}
        for name, slot in slots.items():
            slot.assign(np.asarray(torch_packages.array(new[name]), np.float32))


def _package():
    import torch
    import torch_packages  # noqa: F401  (first: it adds what the package imports)
    from pytorch_optimizer.optimizer import soap

    soap.torch = types.SimpleNamespace(**{**vars(torch), "float32": torch.float64})

    def bases(matrices):
        return [_basis(torch, matrix) if len(matrix) > 0 else [] for matrix in matrices]

    soap.SOAP.get_orthogonal_matrix = staticmethod(bases)
    return soap.SOAP


def _basis(torch, matrix):
    values, vectors = torch.linalg.eigh(matrix)
    found = values > LEAST * values.max()
    return torch.linalg.qr(torch.flip(vectors[:, found], dims=[1]), mode="complete")[0]
