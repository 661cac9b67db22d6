//! The options that Keras lacks. They change a whole gradient before it is clipped, or correct the update of a rule.
//!
//! ```text
//! gradient centralization   g <- g - mean(g)                                   over all axes but the last
//! adaptive clip             g <- g min(1, limit max(|w|, 1e-3) / |g|)          norms of each output
//! cautious                  mask = [u g > 0] ;  w <- w - u mask / max(mean(mask), 1e-3)
//! cautious weight decay     w <- w - [u w >= 0] w weightDecay lr               with the w before the update
//! ```
//!
//! Over 300 lines: a quarter are tests, which use private functions.
//!
//! The papers: [centralization](https://arxiv.org/abs/2004.01461), [adaptive clip](https://arxiv.org/abs/2102.06171),
//! [cautious](https://arxiv.org/abs/2411.16085), [cautious weight decay](https://arxiv.org/abs/2510.12402).

use super::rows::Rest;
use super::stages::{Gathered, Stages, average, decay};
use super::step::Update;
use super::{Decay, Job, Options, Pass, Room, Row};

/// The number of columns whose sums are computed together.
const COLUMNS: usize = 16;
/// Lower bounds of the norms of weights and of gradients for the adaptive clip, as in optax.
const LEAST_WEIGHTS: f64 = 1e-3;
const LEAST_GRADIENT: f64 = 1e-6;
/// Lower bound of the mean of a mask.
const LEAST_SHARE: f64 = 1e-3;

impl Options {
    /// Flag: gradients are centralized.
    pub const CENTRALIZES: u32 = 2;
    /// Flag: updates are cautious.
    pub const CAUTIOUS: u32 = 4;
    /// Flag: weight decay is cautious.
    pub const CAUTIOUS_DECAY: u32 = 8;

    fn has(&self, flags: u32) -> bool {
        self.flags & flags != 0
    }

    /// Whether an option changes whole gradients.
    pub(super) fn changes_gradients(&self) -> bool {
        self.has(Self::CENTRALIZES) || self.adaptive_clip > 0.0
    }

    /// Whether an option corrects updates.
    pub(super) fn corrects(&self) -> bool {
        self.has(Self::CAUTIOUS | Self::CAUTIOUS_DECAY)
    }

    /// Whether rows go through [`Row::update_by`].
    pub(super) fn go_beyond(&self) -> bool {
        self.changes_gradients() || self.corrects()
    }

    /// Writes the gradient of a row, as Keras's clips receive it, to `out`.
    #[inline(never)]
    pub(super) fn gradient(
        &self,
        stages: &Stages,
        (row, gathered): (&Row, Gathered),
        g: &[f32],
        out: &mut [f32],
    ) {
        Stages { clip: None, ..*stages }.prepare(g, gathered, out);
        let shape = row.variable.shape;
        // For the clip, a variable with only one axis longer than 1 is a single output.
        let is_vector = shape.rank < 2 || shape.len == shape.cols;
        if self.has(Self::CENTRALIZES) && !is_vector {
            by_outputs(out, shape.cols, None);
        }
        if self.adaptive_clip > 0.0 {
            let cols = if is_vector { 1 } else { shape.cols };
            by_outputs(out, cols, Some((row.variable.w.values(), self.adaptive_clip)));
        }
    }
}

/// `x`, or `bound` if `x` is smaller; unlike `max` it propagates NaN.
fn least(x: f64, bound: f64) -> f64 {
    if x < bound { bound } else { x }
}

/// Subtracts the mean of each column from it, or with a `limit` clips its norm to a multiple of the norm of the weights.
#[inline(never)]
fn by_outputs(g: &mut [f32], cols: usize, limit: Option<(&[f32], f64)>) {
    let count = (g.len() / cols.max(1)) as f64;
    for left in (0..cols).step_by(COLUMNS) {
        let (mut shifts, mut factors) = ([0.0; COLUMNS], [1.0; COLUMNS]);
        match limit {
            None => sums(g, cols, left, false, &mut shifts),
            Some((w, limit)) => {
                let mut most = [0.0; COLUMNS];
                sums(w, cols, left, true, &mut most);
                sums(g, cols, left, true, &mut shifts);
                for ((factor, most), square) in factors.iter_mut().zip(&most).zip(&mut shifts) {
                    *factor = limited(limit, *most, *square);
                    *square = 0.0;
                }
            }
        }
        for row in g.chunks_exact_mut(cols) {
            for ((x, shift), factor) in row[left..].iter_mut().zip(&shifts).zip(&factors) {
                *x = moved(*x, shift / count, *factor);
            }
        }
    }
}

/// The factor that clips an output, from the squared norms of its weights and its gradient.
#[inline(never)]
fn limited(limit: f64, weights: f64, gradient: f64) -> f64 {
    let most = limit * least(weights.sqrt(), LEAST_WEIGHTS);
    let norm = gradient.sqrt();
    if norm < most { 1.0 } else { most / least(norm, LEAST_GRADIENT) }
}

// The functions of one element are not inlined, and their loops are not vectorized: these options are rare, and the module
// must be small.

/// `(x - shift) factor`. It is infinite only for infinite gradients: other results are limited to the largest number.
#[inline(never)]
fn moved(x: f32, shift: f64, factor: f64) -> f32 {
    let y = (f64::from(x) - shift) * factor;
    if y.is_finite() { y.clamp(f32::MIN.into(), f32::MAX.into()) as f32 } else { y as f32 }
}

#[inline(never)]
fn product(x: f32, of_x: f64, of_one: f64) -> f64 {
    let x = f64::from(x);
    x * (x * of_x + of_one)
}

/// Sums of the columns from `left` on, or of their squares.
#[inline(never)]
fn sums(x: &[f32], cols: usize, left: usize, squares: bool, sums: &mut [f64; COLUMNS]) {
    // One loop for both: it adds `x * x` or `x * 1`.
    let (of_x, of_one) = if squares { (1.0, 0.0) } else { (0.0, 1.0) };
    for row in x.chunks_exact(cols) {
        for (sum, &x) in sums.iter_mut().zip(&row[left..]) {
            *sum += product(x, of_x, of_one);
        }
    }
}

impl Row {
    /// Updates the row with these options.
    ///
    /// With `ends_early` the caller computes the update afterwards, and [`Row::correct`] corrects it.
    #[inline(never)]
    pub(super) fn update_by(
        &mut self,
        options: &Options,
        (room, pass): (&mut Room, &Pass),
        (g, surveys, ends_early): (&[f32], bool, bool),
        update: Update,
    ) {
        let whole = core::mem::take(&mut room.whole);
        let (out, rest) = whole.split_at_mut(g.len());
        options.gradient(&pass.stages, (self, self.gathered()), g, out);
        let corrects = options.corrects() && !surveys;
        let stages = Stages {
            clip: pass.stages.clip,
            average: pass.stages.average.filter(|_| !corrects),
            ..Stages::default()
        };
        let pass_after = Pass {
            clock: pass.clock,
            update: pass.update,
            is_bare: stages.are_none(),
            stages,
            sums: Default::default(),
        };
        let decays = self.decay(pass);
        let is_later = options.has(Options::CAUTIOUS_DECAY);
        room.later = decays.filter(|_| is_later);
        room.has_taken = false;
        let before = if corrects { &mut rest[..g.len()] } else { &mut [] };
        if corrects {
            before.copy_from_slice(self.variable.w.values());
        }
        let own = decays.filter(|_| !is_later);
        update(Job {
            room,
            pass: &pass_after,
            decay: own,
            row: self,
            g: out,
            rest: &mut Rest::none(),
        });
        if corrects {
            if let Some(Decay { wd, lr }) = own.filter(|_| !room.has_taken) {
                decay(before, wd, lr);
            }
            if ends_early {
                self.slots[1].values_mut().copy_from_slice(before);
                self.uncorrected = Some(room.later);
            } else {
                correct(
                    self.variable.w.values_mut(),
                    before,
                    out,
                    options.has(Options::CAUTIOUS),
                    room.later,
                );
                if let Some(with) = pass.stages.average {
                    average(self.variable.w.values_mut(), self.average.values_mut(), with);
                }
            }
        }
        room.whole = whole;
    }

    /// Corrects an update that the caller computed.
    pub(super) fn correct(&mut self, options: &Options) {
        if let Some(later) = self.uncorrected.take() {
            let [g, before, ..] = &self.slots;
            correct(
                self.variable.w.values_mut(),
                before.values(),
                g.values(),
                options.has(Options::CAUTIOUS),
                later,
            );
        }
    }
}

/// Whether the update of a weight moves against its gradient. Not by the sign of the product, which may underflow.
#[inline(never)]
fn agrees(before: f32, w: f32, g: f32) -> bool {
    (w < before && g > 0.0) || (w > before && g < 0.0)
}

/// Applies the mask of cautious updates to the update from `before` to `w`, then the weight decay `later` with its mask.
/// Infinite and NaN weights do not change.
#[inline(never)]
fn correct(w: &mut [f32], before: &[f32], g: &[f32], is_cautious: bool, later: Option<Decay>) {
    let mut count = 0;
    for ((&w, &before), &g) in w.iter().zip(before).zip(g) {
        count += usize::from(agrees(before, w, g));
    }
    let factor = 1.0 / least(count as f64 / w.len() as f64, LEAST_SHARE);
    let share = later.map_or(0.0, |Decay { wd, lr }| f64::from(wd) * f64::from(lr));
    for ((w, &before), &g) in w.iter_mut().zip(before).zip(g) {
        if !w.is_finite() {
            continue;
        }
        let (mut now, from) = (f64::from(*w), f64::from(before));
        if is_cautious {
            now = if agrees(before, *w, g) { from + (now - from) * factor } else { from };
        }
        if (from - now) * from >= 0.0 {
            now -= from * share;
        }
        *w = now.max(f64::from(f32::MIN)).min(f64::from(f32::MAX)) as f32;
    }
}

#[cfg(test)]
mod tests {
    use super::{Options, Stages};
    use crate::memory::{Slab, Span};
    use crate::plan::small::Kind;
    use crate::plan::stages::Gathered;
    use crate::plan::{MAX_SLOTS, Row, RowShape, Variable};

    /// The gradient after the options, for weights and a gradient of 1, 2, 3, ...
    fn prepared(options: Options, shape: &[usize]) -> Vec<f32> {
        let len: usize = shape.iter().product();
        let mut slab = Slab::zeroed(Slab::room(len).expect("few")).expect("memory");
        let mut w = slab.take(len);
        w.values_mut().fill(1.0);
        let (rows, cols) = match shape {
            [.., rows, cols] => (*rows, *cols),
            [cols] => (1, *cols),
            [] => (1, 1),
        };
        let shape = RowShape { rank: shape.len(), len, rows, cols, second_side: false };
        let row = Row {
            decay: None,
            decay_factor: 1.0,
            variable: Variable { w, shape, no_decay: false },
            slots: [Span::EMPTY; MAX_SLOTS],
            kind: Kind::Float32,
            average: Span::EMPTY,
            accumulator: Span::EMPTY,
            unit: 1.0,
            uncorrected: None,
        };
        let g: Vec<f32> = (1..=len).map(|i| i as f32).collect();
        let mut out = vec![0.0; len];
        options.gradient(
            &Stages::default(),
            (&row, Gathered { sums: &[], unit: 1.0 }),
            &g,
            &mut out,
        );
        out
    }

    #[test]
    fn columns_lose_their_mean() {
        let options = Options { flags: Options::CENTRALIZES, ..Options::default() };
        assert_eq!(prepared(options, &[2, 3]), [-1.5, -1.5, -1.5, 1.5, 1.5, 1.5]);
        assert_eq!(prepared(options, &[2, 2, 1]), [-1.5, -0.5, 0.5, 1.5]);
        // Vectors, and columns of one number.
        assert_eq!(prepared(options, &[3]), [1.0, 2.0, 3.0]);
        assert_eq!(prepared(options, &[1, 3]), [1.0, 2.0, 3.0]);
        let wide = prepared(options, &[2, 37]);
        assert!(wide.iter().enumerate().all(|(i, &x)| x == if i < 37 { -18.5 } else { 18.5 }));
    }

    #[test]
    fn outputs_are_clipped_by_the_norm_of_their_weights() {
        let clipped = |limit, shape: &[usize]| {
            prepared(Options { adaptive_clip: limit, ..Options::default() }, shape)
        };
        // Column norms of the weights are sqrt 2, of the gradient sqrt 10, sqrt 20.
        let near = |got: &[f32], expected: &[f64]| {
            for (got, expected) in got.iter().zip(expected) {
                assert!((f64::from(*got) - expected).abs() <= 1e-7 * expected, "{got} {expected}");
            }
        };
        let (a, b) = ((2.0f64 / 10.0).sqrt(), (2.0f64 / 20.0).sqrt());
        near(&clipped(1.0, &[2, 2]), &[a, 2.0 * b, 3.0 * a, 4.0 * b]);
        near(&clipped(2.5, &[2, 2]), &[1.0, 2.5 * 2.0 * b, 3.0, 2.5 * 4.0 * b]);
        let c = (3.0f64 / 14.0).sqrt();
        near(&clipped(1.0, &[3]), &[c, 2.0 * c, 3.0 * c]);
        near(&clipped(1.0, &[1, 3]), &[c, 2.0 * c, 3.0 * c]);
        near(&clipped(0.0, &[3]), &[1.0, 2.0, 3.0]);
    }
}
