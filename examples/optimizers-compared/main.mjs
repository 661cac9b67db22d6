// Optimizers on two small tasks, as tables in Markdown: `node main.mjs`, or a part: `node main.mjs text Lion Muon`.

import { compared } from "./compare.mjs";
import { OPTIMIZERS } from "./optimizers.mjs";
import { TASKS } from "./tasks.mjs";

const words = process.argv.slice(2);
const names = words.filter((word) => !(word in TASKS));
const tasks = words.filter((word) => word in TASKS);
const isAsked = ({ name }) => names.length === 0 || names.includes(name);
const [first, ...others] = OPTIMIZERS;

const median = (values) => [...values].sort((a, b) => a - b)[Math.floor(values.length / 2)];
const percent = (value) => (100 * value).toFixed(1);
const row = (cells) => console.log(`| ${cells.join(" | ")} |`);

for (const taskName of tasks.length === 0 ? Object.keys(TASKS) : tasks) {
  const task = TASKS[taskName]();
  console.log(`\n## ${taskName}\n`);
  row(["optimizer", "rate", "accuracy, median (least to most)", "loss, median", "seeds with a lower loss than AdamW"]);
  row(["---", "---:", "---:", "---:", "---:"]);
  let base;
  for (const entry of [first, ...others.filter(isAsked)]) {
    const { rate, runs } = await compared(task, entry);
    base ??= runs;
    const accuracies = runs.map(({ accuracy }) => accuracy);
    const better = runs.filter(({ loss }, seed) => loss < base[seed].loss).length;
    row([
      entry.name,
      rate ?? "none",
      `${percent(median(accuracies))} % (${percent(Math.min(...accuracies))} to ${percent(Math.max(...accuracies))})`,
      median(runs.map(({ loss }) => loss)).toFixed(3),
      entry === first ? "" : `${better} of ${runs.length}`,
    ]);
  }
}
