//! The inner loop of convolutions, over tiles of four pixels by eight channels in registers.

use super::panels::PANEL;
use crate::fours::at;
use gradstep_core::lanes::{Lanes, Native, WIDTH};

/// The number of pixels of a tile.
const PIXELS: usize = 4;
/// Vectors of lanes for each pixel of a tile.
const V: usize = PANEL / WIDTH;

/// The numbers of a window, as runs of contiguous numbers.
#[derive(Clone, Copy)]
pub(super) struct Taps {
    /// The number of runs, vertically and horizontally.
    pub count: [usize; 2],
    /// The distances between runs.
    pub step: [usize; 2],
    /// The count of numbers in a run.
    pub run: usize,
}

impl Taps {
    /// The runs of `kernel` taps that are `dilation` pixels apart, in an image of this `pitch`.
    #[inline(never)]
    pub fn new(kernel: [usize; 2], dilation: [usize; 2], pitch: usize, channels: usize) -> Self {
        let rows = dilation[0] * pitch;
        if dilation[1] == 1 || kernel[1] == 1 {
            Self { count: [kernel[0], 1], step: [rows, 0], run: kernel[1] * channels }
        } else {
            Self { count: kernel, step: [rows, dilation[1] * channels], run: channels }
        }
    }

    /// The count of numbers of a window.
    pub fn len(&self) -> usize {
        self.count[0] * self.count[1] * self.run
    }
}

/// The pixels to compute, the starts of their windows, and their places in the result. Pairs are distances between rows and
/// between columns.
#[derive(Clone, Copy)]
pub(super) struct Grid {
    pub size: [usize; 2],
    pub from_start: usize,
    pub from: [usize; 2],
    pub to_start: usize,
    pub to: [usize; 2],
}

/// The treatment of a sum before it is stored.
#[derive(Clone, Copy)]
pub(super) struct Epilogue<'a> {
    /// The bias of each channel; empty for no bias.
    pub bias: &'a [f32],
    pub relu: bool,
}

/// Computes all pixels of `grid` from the image `source` and packed weights.
pub(super) fn convolve(
    grid: &Grid,
    taps: &Taps,
    source: &[f32],
    mut panels: &[f32],
    channels: usize,
    epilogue: Epilogue,
    out: &mut [f32],
) {
    for first in (0..channels).step_by(PANEL) {
        let width = (channels - first).min(PANEL);
        let (panel, rest) = panels.split_at(taps.len() * PANEL);
        panels = rest;
        strip(grid, taps, source, panel.as_chunks().0, first, width, epilogue, out);
    }
}

/// Computes `width` channels of all pixels, with one panel of weights.
#[inline(never)]
fn strip(
    grid: &Grid,
    taps: &Taps,
    source: &[f32],
    panel: &[[f32; WIDTH]],
    first: usize,
    width: usize,
    Epilogue { bias, relu }: Epilogue,
    out: &mut [f32],
) {
    let panel: &[[[f32; WIDTH]; V]] = panel.as_chunks().0;
    let zero = Native::splat(0.0);
    // A lower bound; `max` propagates NaN.
    let floor = Native::splat(if relu { 0.0 } else { f32::NEG_INFINITY });
    let bias: [Native; V] = core::array::from_fn(|v| {
        let start = first + v * WIDTH;
        if start < bias.len() { at(bias, start) } else { zero }
    });
    let [rows, cols] = grid.size;
    let (mut row, mut col) = (0, 0);
    let (mut from, mut to) = ([0; PIXELS], [0; PIXELS]);
    let mut left = rows * cols;
    while left > 0 {
        for (from, to) in from.iter_mut().zip(&mut to) {
            *from = grid.from_start + row * grid.from[0] + col * grid.from[1];
            *to = grid.to_start + row * grid.to[0] + col * grid.to[1];
            // The last tile repeats its last pixel for missing ones.
            left -= usize::from(left > 0);
            if left > 0 {
                col += 1;
                if col == cols {
                    (row, col) = (row + 1, 0);
                }
            }
        }
        let sums = tile(taps, source, from, panel);
        // A loop by index is unrolled, which keeps the sums in registers.
        for p in 0..PIXELS {
            let mut lanes = [[0.0; WIDTH]; V];
            for v in 0..V {
                (sums[p][v] + bias[v]).max(floor).store(&mut lanes[v]);
            }
            let (out, lanes) = (&mut out[to[p] + first..][..width], lanes.as_flattened());
            match out.first_chunk_mut::<PANEL>() {
                Some(all) => all.copy_from_slice(lanes),
                None => copy_few(lanes, out),
            }
        }
    }
}

#[cold]
#[inline(never)]
fn copy_few(lanes: &[f32], out: &mut [f32]) {
    for (out, lane) in out.iter_mut().zip(lanes) {
        *out = *lane;
    }
}

/// The sums of four windows.
#[inline(always)]
fn tile(
    taps: &Taps,
    source: &[f32],
    from: [usize; PIXELS],
    panel: &[[[f32; WIDTH]; V]],
) -> [[Native; V]; PIXELS] {
    let mut sums = [[Native::splat(0.0); V]; PIXELS];
    let mut weights = panel.chunks_exact(taps.run.max(1));
    for y in 0..taps.count[0] {
        for x in 0..taps.count[1] {
            let start = y * taps.step[0] + x * taps.step[1];
            // A phase of a transposed convolution may have no taps.
            let Some(weights) = weights.next() else { return sums };
            let [a, b, c, d] = from.map(|from| &source[from + start..][..taps.run]);
            for ((((w, a), b), c), d) in weights.iter().zip(a).zip(b).zip(c).zip(d) {
                let w = w.each_ref().map(Native::load);
                for (sums, x) in sums.iter_mut().zip([a, b, c, d]) {
                    let x = Native::splat(*x);
                    for (sum, w) in sums.iter_mut().zip(w) {
                        *sum = *sum + x * w;
                    }
                }
            }
        }
    }
    sums
}
