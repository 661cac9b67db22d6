// Do all train the same? Losses on the first batch after a few steps, from the same weights on the same batches.

const STEPS = 3;
/** Of the loss: variants of Adam's epsilon stay far below it, a wrong gradient does not. */
const TOLERANCE = 1e-3;

/** Marks as `other` those whose loss differs from that of the first. All have taken one step before. */
export async function compareLosses(entries) {
  for (const { state } of entries) await state.run(STEPS);
  for (const entry of entries) entry.loss = await entry.state.loss();
  for (const entry of entries) {
    const { loss } = entries[0];
    entry.other = !(Math.abs(entry.loss - loss) <= TOLERANCE * Math.abs(loss));
  }
}
