"""Optimizers of the package schedulefree, whose groups share the sum of the average's weights and the largest learning rate."""

from foreign import FromTorch


class ScheduleFree(FromTorch):
    AVERAGES = True
    """Whether the end of a run is recorded: the average."""

    def build(self, variables):
        if self.built:
            return
        super().build(variables)
        # Sum of the weights of the average, in units of the largest one so far; the package has both numbers in float64.
        self.averaged_steps = self.add_variable((), "ones", name="averaged_steps")
        self.largest_rate = self.add_variable((), "zeros", name="largest_rate")
        self.before = self.after = {"weight_sum": 0.0, "lr_max": -1.0}
        self.now = 0

    def _apply_weight_decay(self, variables):
        """The package adds it to the gradient."""

    def updated(self, w, g, rate, slots, variable):
        import torch_packages

        parameter = torch_packages.parameter(w)
        parameter.grad = torch_packages.tensor(g)
        rule = self.rule([parameter], rate, self.decay_of(variable))
        group = rule.param_groups[0]
        if self.now != self.t:
            # The numbers before this step, for all its variables.
            self.before, self.now = self.after, self.t
        rule.state[parameter] = {entry: torch_packages.tensor(slots[name]) for name, entry in self.STATE.items()}
        group.update(self.before, k=self.t - 1, train_mode=True)
        rule.step()
        self.after = {name: group[name] for name in self.before}
        largest = max(self.after["lr_max"], 0.0)
        self.largest_rate.assign(largest)
        if largest:
            self.averaged_steps.assign(self.after["weight_sum"] / largest**2)
        new = {name: torch_packages.array(rule.state[parameter][entry]) for name, entry in self.STATE.items()}
        return torch_packages.array(parameter), new

    def finalize_variable_values(self, variables):
        """The average, as the package shows it for evaluation."""
        import torch_packages

        if self.use_ema:
            super().finalize_variable_values(variables)
            return
        for variable in variables:
            parameter = torch_packages.parameter(variable.numpy())
            rule = self.rule([parameter], 0.0, 0.0)
            rule.state[parameter] = {"z": torch_packages.tensor(self.slots_of(variable)["z"].numpy())}
            rule.param_groups[0]["train_mode"] = True
            rule.eval()
            variable.assign(torch_packages.array(parameter).astype("float32"))
