//! Convolution, and transposed convolution, which computes the gradient of a convolution's input.

use super::frame::Frame;
use super::panels::{PANEL, Weights, pack};
use super::phase::{Phase, zeros_before};
use super::tiles::{Epilogue, Grid, Taps, convolve};
use super::{Geometry, PRODUCTS, span};
use gradstep_core::pool;

/// `y = convolution(x, kernel) + bias`, then relu if requested; an empty `bias` means no bias.
///
/// # Panics
/// If a length does not fit, or `work` is shorter than [`work_len`](super::work_len).
pub fn forward(
    geometry: &Geometry,
    x: &[f32],
    kernel: &[f32],
    bias: &[f32],
    relu: bool,
    work: &mut [f32],
    y: &mut [f32],
) {
    direct(false, geometry, x, kernel, Epilogue { bias, relu }, work, y);
}

/// Computes `dx` from the kernel and the output's gradient. As a transposed convolution, it may have a bias and relu.
///
/// # Panics
/// If a length does not fit, or `work` is shorter than [`work_len`](super::work_len).
pub fn input_gradient(
    geometry: &Geometry,
    kernel: &[f32],
    dy: &[f32],
    bias: &[f32],
    relu: bool,
    work: &mut [f32],
    dx: &mut [f32],
) {
    direct(true, geometry, dy, kernel, Epilogue { bias, relu }, work, dx);
}

fn frame(is_transposed: bool, g: &Geometry) -> Frame {
    if !is_transposed {
        return Frame::of_input(g);
    }
    let before = [0, 1].map(|axis| zeros_before(g, axis));
    let needed = [0, 1].map(|axis| {
        before[axis] + (g.input[axis].max(1) - 1 + g.padding[axis]) / g.stride[axis] + 1
    });
    Frame::new(g.output, before, needed)
}

#[inline(never)]
fn phase(is_transposed: bool, g: &Geometry, index: usize) -> [Phase; 2] {
    if is_transposed {
        let taps = [index / g.stride[1], index % g.stride[1]];
        [0, 1].map(|axis| Phase::transposed(g, axis, taps[axis]))
    } else {
        [0, 1].map(|axis| Phase::forward(g, axis))
    }
}

fn channels(is_transposed: bool, g: &Geometry) -> [usize; 2] {
    if is_transposed { [g.output[2], g.input[2]] } else { [g.input[2], g.output[2]] }
}

#[inline(never)]
pub(super) fn work_len(is_transposed: bool, geometry: &Geometry) -> usize {
    let g = &geometry.folded();
    let [from, to] = channels(is_transposed, g);
    let panels = g.kernel[0] * g.kernel[1] * from * to.next_multiple_of(PANEL);
    frame(is_transposed, g).len().saturating_mul(pool::threads()).saturating_add(panels)
}

#[inline(never)]
fn direct(
    is_transposed: bool,
    geometry: &Geometry,
    x: &[f32],
    kernel: &[f32],
    epilogue: Epilogue,
    work: &mut [f32],
    y: &mut [f32],
) {
    // With threads, images stay separate, because each thread takes whole images.
    let g = &if pool::threads() > 1 && geometry.batch > 1 { *geometry } else { geometry.folded() };
    let phases = if is_transposed { g.stride[0] * g.stride[1] } else { 1 };
    let [from, to] = channels(is_transposed, g);
    let panel_columns = to.next_multiple_of(PANEL);
    let frame = frame(is_transposed, g);
    let (frames, panels) = work.split_at_mut(frame.len() * pool::threads());
    let outputs = g.output[2];
    let mut rest = &mut *panels;
    for index in 0..phases {
        let phase = phase(is_transposed, g, index);
        let weights = Weights {
            kernel,
            taps_in_row: g.kernel[1],
            tap: from * to,
            inner: if is_transposed { [from, 1] } else { [from, outputs] },
            columns: if is_transposed { [to, outputs] } else { [to, 1] },
        };
        let (packed, left) =
            rest.split_at_mut(phase[0].taps * phase[1].taps * from * panel_columns);
        rest = left;
        pack(&weights, &phase, packed);
    }
    let (sizes, results, cols) = if is_transposed {
        (g.output, g.input, g.input[1])
    } else {
        (g.input, g.output, g.output[1])
    };
    let pitch = frame.pitch();
    frames.fill(0.0);
    let panels = &*panels;
    let size: usize = results.iter().product();
    let work = size.saturating_mul(g.kernel[0] * g.kernel[1] * from / PRODUCTS + 1);
    pool::in_items(y, [size, work, usize::MAX], (frames, frame.len()), &|images, y, padded| {
        for (image, y) in images.zip(y.chunks_exact_mut(size.max(1))) {
            let source = frame.around(&x[span(&sizes, image)], padded);
            let mut panels = panels;
            for index in 0..phases {
                let [v, h] = phase(is_transposed, g, index);
                let taps = Taps::new([v.taps, h.taps], g.dilation, pitch, from);
                let grid = Grid {
                    size: [v.count, h.count],
                    from_start: v.start * pitch + h.start * from,
                    from: [v.from * pitch, h.from * from],
                    to_start: (v.first * cols + h.first) * to,
                    to: [v.to * cols * to, h.to * to],
                };
                convolve(&grid, &taps, source, panels, to, epilogue, y);
                panels = &panels[taps.len() * panel_columns..];
            }
        }
    });
}
