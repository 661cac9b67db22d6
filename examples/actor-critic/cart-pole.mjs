// A pole on a cart, which is pushed to the left or to the right: the equations of Barto, Sutton and Anderson, 1983.

const GRAVITY = 9.8;
const CART = 1; // kg
const POLE = 0.1; // kg
const HALF_LENGTH = 0.5; // m
const FORCE = 10; // N
const SECONDS = 0.02;
const FARTHEST = 2.4; // m
const STEEPEST = (12 * Math.PI) / 180;

export class CartPole {
  /** @param draw - Numbers from -0.05 to 0.05, four for each episode. */
  constructor(draw) {
    this.draw = draw;
  }

  /** Begins an episode. @returns position, speed, angle, and speed of the angle */
  reset() {
    this.state = this.draw();
    return this.state;
  }

  /** @param action - 0 for a push to the left, 1 to the right. @returns the next state, and whether the pole has fallen */
  step(action) {
    const [x, speed, angle, spin] = this.state;
    const [sin, cos] = [Math.sin(angle), Math.cos(angle)];
    const push = ((action === 1 ? FORCE : -FORCE) + POLE * HALF_LENGTH * spin * spin * sin) / (CART + POLE);
    const turn = (GRAVITY * sin - cos * push) / (HALF_LENGTH * (4 / 3 - (POLE * cos * cos) / (CART + POLE)));
    const drive = push - (POLE * HALF_LENGTH * turn * cos) / (CART + POLE);
    this.state = [x + SECONDS * speed, speed + SECONDS * drive, angle + SECONDS * spin, spin + SECONDS * turn];
    const isOver = Math.abs(this.state[0]) > FARTHEST || Math.abs(this.state[2]) > STEEPEST;
    return { state: this.state, isOver };
  }
}
