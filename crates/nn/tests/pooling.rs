//! Pooling compared with nested loops in `f64`, and gradients with central differences of these loops.

mod finite_differences;

use finite_differences::{assert_close, differences, weighted};
use gradstep_nn::convolution::Geometry;
use gradstep_nn::pooling::{average_pool_backward, max_pool_backward, pool};

/// Pseudo-random numbers between -1 and 1, far enough apart for differences.
fn numbers(len: usize, salt: f32) -> Vec<f32> {
    (0..len).map(|i| ((i as f32 + salt) * 12.9898).sin()).collect()
}

fn geometry(
    input: [usize; 3],
    kernel: [usize; 2],
    output: [usize; 2],
    stride: [usize; 2],
    padding: [usize; 2],
) -> Geometry {
    let output = [output[0], output[1], input[2]];
    Geometry { batch: 2, input, kernel, output, stride, padding, dilation: [1, 1] }
}

/// Geometries with valid and same padding; disjoint, overlapping and separate windows; full lanes and tails.
fn geometries() -> Vec<Geometry> {
    vec![
        geometry([4, 6, 8], [2, 2], [2, 3], [2, 2], [0, 0]),
        geometry([5, 5, 1], [2, 2], [2, 2], [2, 2], [0, 0]),
        geometry([5, 5, 3], [2, 2], [3, 3], [2, 2], [0, 0]),
        geometry([5, 7, 5], [3, 3], [5, 7], [1, 1], [1, 1]),
        geometry([6, 5, 6], [3, 2], [3, 5], [2, 1], [0, 0]),
        geometry([7, 4, 4], [1, 3], [3, 2], [3, 2], [0, 0]),
        geometry([2, 2, 2], [5, 5], [2, 2], [1, 1], [2, 2]),
    ]
}

/// The numbers of the window of each output element.
fn windows(g: Geometry, x: &[f64]) -> Vec<Vec<f64>> {
    let ([h, w, c], [oh, ow, _]) = (g.input, g.output);
    let mut all = Vec::new();
    for i in 0..g.batch * oh * ow * c {
        let (image, row, col, channel) = (i / (oh * ow * c), i / (ow * c) % oh, i / c % ow, i % c);
        let mut window = Vec::new();
        for tap in 0..g.kernel[0] * g.kernel[1] {
            let y = (row * g.stride[0] + tap / g.kernel[1]).wrapping_sub(g.padding[0]);
            let x_ = (col * g.stride[1] + tap % g.kernel[1]).wrapping_sub(g.padding[1]);
            if y < h && x_ < w {
                window.push(x[((image * h + y) * w + x_) * c + channel]);
            }
        }
        all.push(window);
    }
    all
}

fn exact_max(g: Geometry, x: &[f64]) -> Vec<f64> {
    windows(g, x).iter().map(|w| w.iter().fold(f64::NEG_INFINITY, |a, b| a.max(*b))).collect()
}

fn exact_average(g: Geometry, x: &[f64]) -> Vec<f64> {
    windows(g, x).iter().map(|w| w.iter().sum::<f64>() / w.len() as f64).collect()
}

#[test]
fn pools_and_gradients() {
    for g in geometries() {
        let lens = [g.input, g.output].map(|sizes| g.batch * sizes.iter().product::<usize>());
        let (x, dy) = (numbers(lens[0], -0.5), numbers(lens[1], 1.0));
        let wide: Vec<f64> = x.iter().map(|x| f64::from(*x)).collect();
        let (mut y, mut dx) = (vec![f32::NAN; lens[1]], vec![f32::NAN; lens[0]]);
        let mut indices = vec![-1; lens[1]];

        pool(&g, &x, &mut y, Some(&mut indices));
        assert_close(&y, &exact_max(g, &wide), 0.0);
        let at_indices: Vec<f32> = indices.iter().map(|i| x[*i as usize]).collect();
        assert_eq!(y, at_indices);
        max_pool_backward(&indices, &dy, &mut dx);
        assert_close(&dx, &differences(&x, |x| weighted(&dy, &exact_max(g, x))), 1e-4);

        pool(&g, &x, &mut y, None);
        assert_close(&y, &exact_average(g, &wide), 1e-6);
        dx.fill(f32::NAN);
        average_pool_backward(&g, &dy, &mut dx);
        assert_close(&dx, &differences(&x, |x| weighted(&dy, &exact_average(g, x))), 1e-4);
    }
}

#[test]
fn the_first_of_equal_ones_wins_and_padding_never() {
    let g = Geometry { batch: 1, ..geometry([3, 3, 1], [2, 2], [2, 2], [2, 2], [0, 0]) };
    let (mut y, mut indices) = ([0.0; 4], [0; 4]);
    pool(&g, &[-1.0; 9], &mut y, Some(&mut indices));
    assert_eq!((y, indices), ([-1.0; 4], [0, 2, 6, 8]));
    pool(&g, &[f32::NEG_INFINITY; 9], &mut y, Some(&mut indices));
    assert_eq!((y, indices), ([f32::NEG_INFINITY; 4], [0, 2, 6, 8]));
}

#[test]
fn not_a_number_is_kept() {
    let g = Geometry { batch: 1, ..geometry([2, 2, 1], [2, 2], [1, 1], [2, 2], [0, 0]) };
    let (mut y, mut indices) = ([0.0], [0]);
    pool(&g, &[1.0, f32::NAN, 2.0, 0.0], &mut y, Some(&mut indices));
    assert!(y[0].is_nan());
}
