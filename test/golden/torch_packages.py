"""torch 1.13 and optimizers over it, without what they import for other ends. README.md says how to get them."""

import importlib
import sys
import types

import numpy as np
import torch

def _foreach_lerp(tensors, ends, weight):
    for tensor, end in zip(tensors, ends):
        tensor.lerp_(end, weight)


# Of newer versions of torch: its Muon calls this one, and imports the others, which it does not use with `foreach=False`.
torch._foreach_lerp_ = _foreach_lerp
torch.optim.lr_scheduler.LRScheduler = torch.optim.lr_scheduler._LRScheduler
_foreach = types.ModuleType("torch.utils._foreach_utils")
_foreach._group_tensors_by_device_and_dtype = None
sys.modules[_foreach.__name__] = _foreach


def timm_module(name):
    """A module of timm.optim: timm itself imports torchvision."""
    for package in ["timm", "timm.optim"]:
        if package not in sys.modules:
            found = importlib.machinery.PathFinder.find_spec("timm", sys.path)
            (root,) = found.submodule_search_locations
            stub = types.ModuleType(package)
            stub.__path__ = [root if package == "timm" else f"{root}/optim"]
            sys.modules[package] = stub
    return importlib.import_module(f"timm.optim.{name}")


def tensor(array):
    """Through lists: this torch is of an older numpy."""
    return torch.tensor(np.asarray(array, np.float64).tolist(), dtype=torch.float64).reshape(np.shape(array))


def parameter(array):
    return torch.nn.Parameter(tensor(array))


def array(of):
    return np.array(of.detach().tolist(), np.float64)


def resume(rule, of, state, steps):
    """Puts a state into an optimizer that has taken `steps` steps; packages count by parameter, by group, or both."""
    rule.state[of] = {**state, "step": steps}
    for group in rule.param_groups:
        group["step"] = steps
