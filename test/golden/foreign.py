"""Optimizers of other packages as Keras optimizers, so that base options, names and configs are Keras's.

A subclass names its own arguments and its slots, and `updated` has the package compute one step of one variable in float64, from the numbers
that the slots keep in float32. optax and torch are imported only when a case runs: other files are made without them.
"""

import functools
import inspect

import keras
import numpy as np

BASE = {
    "weight_decay": None,
    "clipnorm": None,
    "clipvalue": None,
    "global_clipnorm": None,
    "use_ema": False,
    "ema_momentum": 0.99,
    "ema_overwrite_frequency": None,
    "loss_scale_factor": None,
    "gradient_accumulation_steps": None,
    "name": None,
}


class Foreign(keras.optimizers.Optimizer):
    RATE = 0.001
    DECAY = None
    OWN = {}
    """Own arguments and their defaults, in order."""
    SLOTS = {}
    """Slots in order of creation: their initial value, or the name of an argument that has it, or "variable"."""

    def __init_subclass__(cls):
        defaults = {"learning_rate": cls.RATE, **cls.OWN, **BASE, "weight_decay": cls.DECAY}

        def init(self, **given):
            unknown = given.keys() - defaults
            assert not unknown, unknown
            values = {**defaults, **given}
            keras.optimizers.Optimizer.__init__(self, **{name: values[name] for name in ["learning_rate", *BASE]})
            for name in cls.OWN:
                setattr(self, name, values[name])

        kind = inspect.Parameter.POSITIONAL_OR_KEYWORD
        arguments = [inspect.Parameter(name, kind, default=value) for name, value in defaults.items()]
        init.__signature__ = inspect.Signature([inspect.Parameter("self", kind), *arguments])
        cls.__init__ = init

    def build(self, variables):
        if self.built:
            return
        super().build(variables)
        self.slots = [{} for _ in variables]
        for slots, variable in zip(self.slots, variables):
            for name, start in self.SLOTS.items():
                if self.has_slot(name, variable):
                    slot = self.add_variable_from_reference(variable, name=name)
                    value = getattr(self, start) if isinstance(start, str) and start != "variable" else start
                    slot.assign(variable.numpy() if isinstance(value, str) else np.full(slot.shape, value, np.float32))
                    slots[name] = slot

    def has_slot(self, name, variable):
        return True

    def get_config(self):
        return {**super().get_config(), **{name: getattr(self, name) for name in self.OWN}}

    @property
    def t(self):
        """Updates so far and this one."""
        return int(keras.ops.convert_to_numpy(self.iterations)) + 1

    def slots_of(self, variable):
        return self.slots[self._get_variable_index(variable)]

    def decay_of(self, variable):
        """Weight decay of a variable, for rules that have their own."""
        return float(self.weight_decay or 0.0) if self._use_weight_decay(variable) else 0.0

    def update_step(self, gradient, variable, learning_rate):
        slots = self.slots_of(variable)
        wide = {name: wide_of(slots[name]) if name in slots else np.zeros(variable.shape) for name in self.SLOTS}
        weight, new = self.updated(wide_of(variable), np.asarray(gradient, np.float64), float(learning_rate), wide, variable)
        variable.assign(np.asarray(weight, np.float32))
        for name, slot in slots.items():
            slot.assign(np.asarray(new[name], np.float32).reshape(slot.shape))

    def updated(self, w, g, rate, slots, variable):
        """The new weight and slots; all in float64."""
        raise NotImplementedError


def wide_of(variable):
    return np.asarray(variable.numpy(), np.float64)


class FromOptax(Foreign):
    """`rule(rate, decay)` is the transformation; `STATE` maps slots to the fields of its state."""

    STATE = {"momentum": "mu", "velocity": "nu"}

    def rule(self, rate, decay):
        raise NotImplementedError

    def updated(self, w, g, rate, slots, variable):
        import jax

        with jax.enable_x64(True):
            weight, new = _jitted(type(self), tuple(getattr(self, name) for name in self.OWN))(
                w, g, rate, self.decay_of(variable), slots, np.int32(self.t - 1)
            )
            return np.asarray(weight), {name: np.asarray(value) for name, value in new.items()}


@functools.cache
def _jitted(cls, own):
    """One step of a rule with these own arguments, compiled once for all cases that have them."""
    import jax
    from optax import tree_utils

    def step(w, g, rate, decay, slots, count):
        rule = cls(**dict(zip(cls.OWN, own))).rule(rate, decay)
        state = rule.init(w)
        fields = {field: slots[name] for name, field in cls.STATE.items()}
        if tree_utils.tree_get_all_with_path(state, "count"):
            fields["count"] = count
        updates, state = rule.update(g, tree_utils.tree_set(state, **fields), w)
        return w + updates, {name: tree_utils.tree_get(state, field) for name, field in cls.STATE.items()}

    return jax.jit(step)


class FromTorch(Foreign):
    """`rule(parameters, rate, decay)` is the torch optimizer; `STATE` maps slots to the entries of its state."""

    STATE = {"momentum": "exp_avg", "velocity": "exp_avg_sq"}
    NEGATED = set()
    """Slots that the package keeps with the other sign."""

    def rule(self, parameters, rate, decay):
        raise NotImplementedError

    def updated(self, w, g, rate, slots, variable):
        import torch_packages

        parameter = torch_packages.parameter(w)
        parameter.grad = torch_packages.tensor(g)
        rule = self.rule([parameter], rate, self.decay_of(variable))
        signs = {name: -1.0 if name in self.NEGATED else 1.0 for name in self.STATE}
        state = {entry: torch_packages.tensor(signs[name] * slots[name]) for name, entry in self.STATE.items()}
        torch_packages.resume(rule, parameter, state, self.t - 1)
        rule.step()
        new = {name: signs[name] * torch_packages.array(rule.state[parameter][entry]) for name, entry in self.STATE.items()}
        return torch_packages.array(parameter), new


class FromTorchAll(Foreign):
    """A rule of torch with numbers that all variables share: an estimate, kept in units of the first one, and its numerator.

    `rule(groups, rate)` is the torch optimizer; `NUMERATOR` names its entry of the numerator.
    """

    STATE = {}
    NUMERATOR = ""
    FLAT = set()
    """Slots that the package keeps flat."""

    def build(self, variables):
        if self.built:
            return
        super().build(variables)
        self.estimate = self.add_variable(shape=(), initializer="ones", name="estimate")
        self.numerator = self.add_variable(shape=(), initializer="zeros", name="numerator")

    def _apply_weight_decay(self, variables):
        """The packages decay by the rate of the step."""

    def _backend_update_step(self, gradients, variables, learning_rate):
        import torch_packages

        groups = []
        for gradient, variable in zip(gradients, variables):
            parameter = torch_packages.parameter(wide_of(variable))
            parameter.grad = torch_packages.tensor(gradient)
            groups.append({"params": [parameter], "weight_decay": self.decay_of(variable)})
        rule = self.rule(groups, max(float(learning_rate), 1e-300))
        d = self.d0 * float(self.estimate.numpy())
        for group, variable in zip(rule.param_groups, variables):
            (parameter,) = group["params"]
            group.update({"lr": float(learning_rate), "d": d, "d_max": d, self.NUMERATOR: float(self.numerator.numpy()), "k": self.t - 1})
            slots = self.slots_of(variable)
            state = {entry: torch_packages.tensor(wide_of(slots[name])) for name, entry in self.STATE.items()}
            flat = {self.STATE[name] for name in self.FLAT}
            rule.state[parameter] = {entry: value.flatten() if entry in flat else value for entry, value in state.items()} | {"step": self.t - 1}
        rule.step()
        for group, variable in zip(rule.param_groups, variables):
            (parameter,) = group["params"]
            variable.assign(np.asarray(torch_packages.array(parameter), np.float32))
            for name, slot in self.slots_of(variable).items():
                slot.assign(np.asarray(torch_packages.array(rule.state[parameter][self.STATE[name]]), np.float32).reshape(slot.shape))
        first = rule.param_groups[0]
        self.estimate.assign(np.float32(first["d"] / self.d0))
        self.numerator.assign(np.float32(first[self.NUMERATOR]))
