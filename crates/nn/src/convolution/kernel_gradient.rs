//! The gradient of a convolution's kernel: a tile of four numbers of a window by eight channels is in registers, and summed
//! over pixels.

use super::frame::Frame;
use super::panels::PANEL;
use super::tiles::Taps;
use super::{Geometry, PRODUCTS, span};
use core::ops::Range;
use gradstep_core::lanes::{Lanes, Native, WIDTH, strided};
use gradstep_core::pool;

/// Numbers of a window in a tile.
const ROWS: usize = 4;
/// The number of pixels, rounded to whole rows, after which the sums are written to memory. The numbers of so many pixels stay
/// in the first-level cache.
const BLOCK: usize = 64;

/// Vectors of lanes in a row of a tile.
const V: usize = PANEL / WIDTH;

/// Numbers of a tile.
const TILE: usize = ROWS * PANEL;
/// Maximum number of chunks for threads, because each chunk copies all images into frames.
const CHUNKS: usize = 8;

type Tile = [[[f32; WIDTH]; V]; ROWS];

/// The frame of the input, its taps, and the frame of the output's gradient. Tiles may read beyond the end of a run, so both
/// frames have slack after them.
#[inline(never)]
fn frames(g: &Geometry) -> (Frame, Taps, Frame) {
    let mut input = Frame::of_input(g);
    let taps = Taps::new(g.kernel, g.dilation, input.pitch(), g.input[2]);
    input.slack = taps.run.next_multiple_of(ROWS) - taps.run;
    let [rows, cols, outputs] = g.output;
    let mut output = Frame::new(g.output, [0, 0], [rows, cols]);
    output.slack = outputs.next_multiple_of(PANEL) - outputs;
    (input, taps, output)
}

fn sums_len(taps: &Taps, outputs: usize) -> usize {
    taps.count[0]
        * taps.count[1]
        * taps.run.next_multiple_of(ROWS)
        * outputs.next_multiple_of(PANEL)
}

pub(super) fn work_len(g: &Geometry) -> usize {
    let (input, taps, output) = frames(g);
    let frames = input.len().saturating_add(output.len()).saturating_mul(pool::threads());
    frames.saturating_add(sums_len(&taps, g.output[2]))
}

/// Computes `dkernel` from the input and the output's gradient.
///
/// # Panics
/// If a length does not fit, or `work` is shorter than [`work_len`](super::work_len).
#[inline(never)]
pub fn kernel_gradient(g: &Geometry, x: &[f32], dy: &[f32], work: &mut [f32], dkernel: &mut [f32]) {
    let (input, taps, output) = frames(g);
    let [rows, cols, outputs] = g.output;
    let room = input.len() + output.len();
    let (frames, work) = work.split_at_mut(room * pool::threads());
    let sums = &mut work[..sums_len(&taps, outputs)];
    frames.fill(0.0);
    sums.fill(0.0);
    let from = [g.stride[0] * input.pitch(), g.stride[1] * g.input[2]];
    let block = (BLOCK / cols).max(1);
    // A thread sums its tiles over all images, which keeps the order of the sums.
    let work = (g.batch * rows * cols).saturating_mul(TILE / PRODUCTS);
    pool::in_items(sums, [TILE, work, CHUNKS], (frames, room), &|tiles, sums, room| {
        let (padded_x, padded_dy) = room.split_at_mut(input.len());
        for image in 0..g.batch {
            let x = input.around(&x[span(&g.input, image)], padded_x);
            let dy = output.around(&dy[span(&g.output, image)], padded_dy);
            let mut row = 0;
            while row < rows {
                let pixels = Pixels {
                    rows: block.min(rows - row),
                    cols,
                    x: &x[row * from[0]..],
                    from,
                    dy: &dy[row * cols * outputs..],
                    outputs,
                };
                add_block(&taps, &pixels, tiles.clone(), sums);
                row += block;
            }
        }
    });
    unpack(&taps, sums, outputs, dkernel);
}

/// Some rows of an output and the windows that they were computed from. `from` contains the distances between the windows of
/// adjacent rows and of adjacent columns.
#[derive(Clone, Copy)]
struct Pixels<'a> {
    rows: usize,
    cols: usize,
    x: &'a [f32],
    from: [usize; 2],
    dy: &'a [f32],
    outputs: usize,
}

/// Adds the products of some pixels to the sums of the tiles.
#[inline(never)]
fn add_block(taps: &Taps, pixels: &Pixels, numbers: Range<usize>, sums: &mut [f32]) {
    let tiles = sums.as_chunks_mut().0.as_chunks_mut().0.as_chunks_mut().0.iter_mut();
    let of_run = taps.run.div_ceil(ROWS);
    for (number, tile) in numbers.zip(tiles) {
        let (run, row) = (number / of_run, number % of_run * ROWS);
        let (line, x) = (run / taps.count[1], run % taps.count[1]);
        let (panel, y) = (line / taps.count[0], line % taps.count[0]);
        let start = y * taps.step[0] + x * taps.step[1] + row;
        add_tile(pixels, start, panel * PANEL, tile);
    }
}

/// Adds the products of `x`, from offset `start` of each window on, and `dy`, from channel `first` on, to the sums of a tile.
#[inline(never)]
fn add_tile(pixels: &Pixels, start: usize, first: usize, tile: &mut Tile) {
    let mut sums = tile.each_ref().map(|row| row.each_ref().map(Native::load));
    let Pixels { rows, cols, from, outputs, .. } = *pixels;
    for row in 0..rows {
        let x = &pixels.x[row * from[0] + start..];
        let dy = &pixels.dy[row * cols * outputs + first..];
        for (x, dy) in strided::<ROWS>(x, from[1], cols).zip(strided::<PANEL>(dy, outputs, cols)) {
            let dy = dy.as_chunks().0;
            let dy: [Native; V] = core::array::from_fn(|v| Native::load(&dy[v]));
            for (sums, x) in sums.iter_mut().zip(x) {
                let x = Native::splat(*x);
                for (sum, dy) in sums.iter_mut().zip(dy) {
                    *sum = *sum + x * dy;
                }
            }
        }
    }
    for (row, sums) in tile.iter_mut().zip(sums) {
        for (to, sum) in row.iter_mut().zip(sums) {
            sum.store(to);
        }
    }
}

/// Copies sums in the order of tiles to the kernel's order.
#[inline(never)]
fn unpack(taps: &Taps, sums: &[f32], outputs: usize, dkernel: &mut [f32]) {
    let padded = taps.run.next_multiple_of(ROWS);
    let runs = taps.count[0] * taps.count[1];
    for (row, to) in dkernel.chunks_exact_mut(outputs).enumerate() {
        for (column, to) in to.iter_mut().enumerate() {
            let run = column / PANEL * runs + row / taps.run;
            *to = sums[(run * padded + row % taps.run) * PANEL + column % PANEL];
        }
    }
}
