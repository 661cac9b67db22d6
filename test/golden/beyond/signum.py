"""Signum."""

from foreign import FromTorch


class Signum(FromTorch):
    SOURCE = "pytorch_optimizer 4.1.0: SignSGD"
    OWN = {"momentum": 0.9}
    SLOTS = {"momentum": 0.0}
    STATE = {"momentum": "momentum_buffer"}

    def rule(self, parameters, rate, decay):
        from pytorch_optimizer import SignSGD

        return SignSGD(parameters, lr=rate, momentum=self.momentum, foreach=False)

    def updated(self, w, g, rate, slots, variable):
        # Without momentum the package has no buffer: the mean is the gradient.
        mean = slots if self.momentum else {"momentum": g}
        return super().updated(w, g, rate, mean, variable)
