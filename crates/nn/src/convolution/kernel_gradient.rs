//! The gradient of a convolution's kernel: four numbers of a window by eight channels in registers, summed
//! over pixels.

use super::frame::Frame;
use super::panels::PANEL;
use super::tiles::Taps;
use super::{Geometry, images};
use gradstep_core::lanes::{Lanes, Native, WIDTH};

/// Numbers of a window in a tile.
const ROWS: usize = 4;
/// Pixels after which the sums go back to memory, so that what is read stays in the nearest cache.
const BLOCK: usize = 64;

type Tile<const V: usize> = [[[f32; WIDTH]; V]; ROWS];

/// The tiles of a run of neighbours may read beyond its end: they need the frame, and slack behind it.
fn frames(g: Geometry) -> (Frame, Taps, Frame) {
    let mut input = Frame::of_input(g);
    let taps = Taps::new(g.kernel, g.dilation, input.pitch(), g.input[2]);
    input.slack = taps.run.next_multiple_of(ROWS) - taps.run;
    let [rows, cols, outputs] = g.output;
    let mut output = Frame::new(g.output, [0, 0], [rows, cols]);
    output.slack = outputs.next_multiple_of(WIDTH) - outputs;
    (input, taps, output)
}

fn sums_len(taps: Taps, outputs: usize) -> usize {
    taps.count[0]
        * taps.count[1]
        * taps.run.next_multiple_of(ROWS)
        * outputs.next_multiple_of(WIDTH)
}

pub(super) fn work_len(geometry: Geometry) -> usize {
    let g = geometry.folded();
    let (input, taps, output) = frames(g);
    input.len() + output.len() + sums_len(taps, g.output[2])
}

/// `dkernel`, from the input and the output's gradient.
///
/// # Panics
/// When a length does not fit, or `work` is shorter than [`work_len`](super::work_len).
pub fn kernel_gradient(
    geometry: Geometry,
    x: &[f32],
    dy: &[f32],
    work: &mut [f32],
    dkernel: &mut [f32],
) {
    let g = geometry.folded();
    let (input, taps, output) = frames(g);
    let [rows, cols, outputs] = g.output;
    let (padded_x, work) = work.split_at_mut(input.len());
    let (padded_dy, work) = work.split_at_mut(output.len());
    let sums = &mut work[..sums_len(taps, outputs)];
    input.clear(padded_x);
    sums.fill(0.0);
    let from = [g.stride[0] * input.pitch(), g.stride[1] * g.input[2]];
    for (x, dy) in images(g.input, x).zip(images(g.output, dy)) {
        let x = input.around(x, padded_x);
        let dy = output.around(dy, padded_dy);
        // A block is some rows, or a part of a row.
        let (height, width) = ((BLOCK / cols).clamp(1, rows), BLOCK.min(cols));
        for row in (0..rows).step_by(height) {
            for col in (0..cols).step_by(width) {
                let pixels = Pixels {
                    size: [height.min(rows - row), width.min(cols - col)],
                    x: &x[row * from[0] + col * from[1]..],
                    from,
                    dy: &dy[(row * cols + col) * outputs..],
                    pitch: [cols * outputs, outputs],
                };
                add_block(taps, pixels, outputs, sums);
            }
        }
    }
    unpack(taps, sums, outputs, dkernel);
}

/// Some pixels of an output, with the windows that they came from. Pairs are distances between rows and
/// between columns.
#[derive(Clone, Copy)]
struct Pixels<'a> {
    size: [usize; 2],
    x: &'a [f32],
    from: [usize; 2],
    dy: &'a [f32],
    pitch: [usize; 2],
}

fn add_block(taps: Taps, pixels: Pixels, outputs: usize, sums: &mut [f32]) {
    let mut sums = sums.as_chunks_mut().0;
    for first in (0..outputs).step_by(PANEL) {
        let is_wide = outputs - first > WIDTH;
        for y in 0..taps.count[0] {
            for x in 0..taps.count[1] {
                for row in (0..taps.run).step_by(ROWS) {
                    let start = y * taps.step[0] + x * taps.step[1] + row;
                    let (tile, rest) = sums.split_at_mut(ROWS * if is_wide { 2 } else { 1 });
                    sums = rest;
                    if is_wide {
                        add_tile::<2>(pixels, start, first, tile);
                    } else {
                        add_tile::<1>(pixels, start, first, tile);
                    }
                }
            }
        }
    }
}

/// Adds the products of `x`, from `start` on in each window, and `dy` from channel `first` on.
#[inline(never)]
fn add_tile<const V: usize>(pixels: Pixels, start: usize, first: usize, tile: &mut [[f32; WIDTH]]) {
    let Some(tile): Option<&mut Tile<V>> = tile.as_chunks_mut().0.first_chunk_mut() else { return };
    let mut sums = tile.each_ref().map(|row| row.each_ref().map(Native::load));
    let Pixels { size, from, pitch, .. } = pixels;
    for row in 0..size[0] {
        let x = &pixels.x[row * from[0] + start..];
        let dy = &pixels.dy[row * pitch[0] + first..];
        for col in 0..size[1] {
            let (x, dy) = (&x[col * from[1]..], &dy[col * pitch[1]..][..V * WIDTH]);
            let (Some(x), Some(dy)) =
                (x.first_chunk::<ROWS>(), dy.as_chunks().0.first_chunk::<V>())
            else {
                return;
            };
            let dy = dy.each_ref().map(Native::load);
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

/// Sums in the order of tiles to the kernel's order.
fn unpack(taps: Taps, sums: &[f32], outputs: usize, dkernel: &mut [f32]) {
    let padded = taps.run.next_multiple_of(ROWS);
    let mut sums = sums;
    for first in (0..outputs).step_by(PANEL) {
        let width = (outputs - first).min(PANEL);
        let lanes = width.next_multiple_of(WIDTH);
        for run in dkernel.chunks_exact_mut(taps.run * outputs) {
            for (to, from) in run.chunks_exact_mut(outputs).zip(sums.chunks_exact(lanes)) {
                to[first..first + width].copy_from_slice(&from[..width]);
            }
            sums = &sums[padded * lanes..];
        }
    }
}
