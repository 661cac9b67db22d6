// Progress on a terminal as a bar; elsewhere (a log, a pipe) as one plain line every ten epochs.

import { SingleBar } from "cli-progress";

const percent = (part) => `${(part * 100).toFixed(1)} %`;

/** `{ onEpoch, stop }` for a run of this many epochs. */
export function progress(name, epochs) {
  return process.stdout.isTTY ? bar(name, epochs) : lines(name, epochs);
}

function bar(name, epochs) {
  const made = new SingleBar({
    format: `${name}  {bar}  epoch {value}/{total}  loss {loss}  accuracy {accuracy}`,
    barCompleteChar: "█",
    barIncompleteChar: "░",
    barsize: 24,
    hideCursor: true,
  });
  made.start(epochs, 0, { loss: "-", accuracy: "-" });
  return {
    onEpoch: ({ epoch, loss, accuracy }) => made.update(epoch, { loss: loss.toFixed(4), accuracy: percent(accuracy) }),
    stop: () => made.stop(),
  };
}

function lines(name, epochs) {
  return {
    onEpoch({ epoch, loss, accuracy }) {
      if (epoch % 10 === 0) {
        console.log(`${name}  epoch ${epoch}/${epochs}  loss ${loss.toFixed(4)}  accuracy ${percent(accuracy)}`);
      }
    },
    stop() {},
  };
}
