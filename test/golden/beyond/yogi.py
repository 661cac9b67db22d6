"""Yogi."""

from foreign import FromOptax


class Yogi(FromOptax):
    SOURCE = "optax 0.2.8: yogi"
    RATE = 0.01
    OWN = {"beta_1": 0.9, "beta_2": 0.999, "epsilon": 1e-3, "initial_accumulator_value": 1e-6}
    SLOTS = {"momentum": "initial_accumulator_value", "velocity": "initial_accumulator_value"}

    def rule(self, rate, decay):
        import optax

        scaled = optax.scale_by_yogi(
            b1=self.beta_1, b2=self.beta_2, eps=self.epsilon, initial_accumulator_value=self.initial_accumulator_value
        )
        return optax.chain(scaled, optax.scale_by_learning_rate(rate))
