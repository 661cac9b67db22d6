//! Convolutions compared with nested loops in `f64`, and gradients with central differences of these loops.

mod finite_differences;

use finite_differences::{assert_close, differences, weighted};
use gradstep_nn::convolution::{
    Geometry, Pass, depthwise, forward, input_gradient, kernel_gradient, work_len,
};

/// Pseudo-random numbers between -1 and 1.
fn numbers(len: usize, salt: f32) -> Vec<f32> {
    (0..len).map(|i| ((i as f32 + salt) * 12.9898).sin()).collect()
}

fn widened(x: &[f32]) -> Vec<f64> {
    x.iter().map(|x| f64::from(*x)).collect()
}

/// Calls `f(image, [output row, output column], [input row, input column], tap)` for all taps inside the image.
fn each_tap(g: Geometry, mut f: impl FnMut(usize, [usize; 2], [usize; 2], usize)) {
    for image in 0..g.batch {
        for pixel in 0..g.output[0] * g.output[1] {
            for tap in 0..g.kernel[0] * g.kernel[1] {
                let to = [pixel / g.output[1], pixel % g.output[1]];
                let k = [tap / g.kernel[1], tap % g.kernel[1]];
                let from = [0, 1].map(|a| {
                    (to[a] * g.stride[a] + k[a] * g.dilation[a]).wrapping_sub(g.padding[a])
                });
                if from[0] < g.input[0] && from[1] < g.input[1] {
                    f(image, to, from, tap);
                }
            }
        }
    }
}

fn index(image: usize, [row, col]: [usize; 2], [rows, cols, channels]: [usize; 3]) -> usize {
    ((image * rows + row) * cols + col) * channels
}

fn exact(g: Geometry, x: &[f64], kernel: &[f64]) -> Vec<f64> {
    let (inputs, outputs) = (g.input[2], g.output[2]);
    let mut y = vec![0.0; g.batch * g.output.iter().product::<usize>()];
    each_tap(g, |image, to, from, tap| {
        for i in 0..inputs {
            for o in 0..outputs {
                y[index(image, to, g.output) + o] +=
                    x[index(image, from, g.input) + i] * kernel[(tap * inputs + i) * outputs + o];
            }
        }
    });
    y
}

fn exact_depthwise(g: Geometry, x: &[f64], kernel: &[f64]) -> Vec<f64> {
    let (inputs, outputs) = (g.input[2], g.output[2]);
    let mut y = vec![0.0; g.batch * g.output.iter().product::<usize>()];
    each_tap(g, |image, to, from, tap| {
        for o in 0..outputs {
            y[index(image, to, g.output) + o] +=
                x[index(image, from, g.input) + o / (outputs / inputs)] * kernel[tap * outputs + o];
        }
    });
    y
}

/// A geometry with TensorFlow's sizes and padding.
fn geometry(
    batch: usize,
    input: [usize; 3],
    kernel: [usize; 2],
    outputs: usize,
    stride: [usize; 2],
    dilation: [usize; 2],
    same: bool,
) -> Geometry {
    let span = [0, 1].map(|a| (kernel[a] - 1) * dilation[a] + 1);
    let size = [0, 1].map(|a| {
        if same { input[a].div_ceil(stride[a]) } else { (input[a] - span[a]) / stride[a] + 1 }
    });
    let padding = [0, 1].map(|a| {
        if same { ((size[a] - 1) * stride[a] + span[a]).saturating_sub(input[a]) / 2 } else { 0 }
    });
    let output = [size[0], size[1], outputs];
    Geometry { batch, input, kernel, output, stride, padding, dilation }
}

/// Geometries with strides, dilations, kernels larger and smaller than the strides, and all widths of tiles and tails.
fn geometries() -> Vec<Geometry> {
    let mut all = Vec::new();
    for same in [false, true] {
        for (input, kernel, outputs, stride, dilation) in [
            ([1, 1, 1], [1, 1], 1, [1, 1], [1, 1]),
            ([5, 4, 3], [1, 1], 9, [1, 1], [1, 1]),
            ([5, 4, 3], [1, 1], 5, [2, 3], [1, 1]),
            ([5, 6, 1], [3, 3], 8, [1, 1], [1, 1]),
            ([4, 5, 4], [3, 2], 10, [1, 1], [1, 1]),
            ([6, 5, 5], [3, 3], 3, [2, 2], [1, 1]),
            ([5, 7, 2], [2, 3], 12, [3, 1], [1, 1]),
            ([5, 6, 9], [2, 2], 4, [3, 3], [1, 1]),
            ([5, 8, 2], [3, 3], 6, [1, 1], [2, 3]),
            ([6, 5, 3], [3, 2], 17, [1, 1], [2, 1]),
            ([1, 70, 2], [1, 3], 2, [1, 1], [1, 2]),
            ([3, 3, 2], [3, 3], 7, [1, 1], [1, 1]),
        ] {
            all.push(geometry(
                1 + usize::from(same),
                input,
                kernel,
                outputs,
                stride,
                dilation,
                same,
            ));
        }
    }
    all
}

fn sizes(g: Geometry, kernel: usize) -> [usize; 3] {
    let [image, output]: [usize; 2] = [g.input, g.output].map(|sizes| sizes.iter().product());
    [g.batch * image, g.kernel[0] * g.kernel[1] * kernel, g.batch * output]
}

#[test]
fn forward_and_gradients() {
    for g in geometries() {
        let lens = sizes(g, g.input[2] * g.output[2]);
        let [x, kernel, dy] = [0, 1, 2].map(|i| numbers(lens[i], i as f32));
        let [mut dx, mut dkernel, mut y] = lens.map(|len| vec![f32::NAN; len]);
        let work = |pass| vec![f32::NAN; work_len(pass, &g)];

        forward(&g, &x, &kernel, &[], false, &mut work(Pass::Forward), &mut y);
        assert_close(&y, &exact(g, &widened(&x), &widened(&kernel)), 1e-5);

        input_gradient(&g, &kernel, &dy, &[], false, &mut work(Pass::Input), &mut dx);
        let of_x = |x: &[f64]| weighted(&dy, &exact(g, x, &widened(&kernel)));
        assert_close(&dx, &differences(&x, of_x), 1e-4);

        kernel_gradient(&g, &x, &dy, &mut work(Pass::Kernel), &mut dkernel);
        let of_kernel = |kernel: &[f64]| weighted(&dy, &exact(g, &widened(&x), kernel));
        assert_close(&dkernel, &differences(&kernel, of_kernel), 1e-4);
    }
}

#[test]
fn bias_and_relu_are_in_the_pass() {
    for g in geometries() {
        let lens = sizes(g, g.input[2] * g.output[2]);
        let [x, kernel, dy] = [0, 1, 2].map(|i| numbers(lens[i], i as f32));
        let [mut dx, _, mut y] = lens.map(|len| vec![f32::NAN; len]);
        let after = |plain: &[f32], bias: &[f32]| -> Vec<f32> {
            plain
                .chunks(bias.len())
                .flat_map(|row| row.iter().zip(bias))
                .map(|(x, b)| (x + b).max(0.0))
                .collect()
        };
        let bias = numbers(g.output[2], 5.0);
        let mut work = vec![f32::NAN; work_len(Pass::Forward, &g)];
        forward(&g, &x, &kernel, &[], false, &mut work, &mut y);
        let expected = after(&y, &bias);
        forward(&g, &x, &kernel, &bias, true, &mut work, &mut y);
        assert_eq!(y, expected);

        let bias = numbers(g.input[2], 6.0);
        let mut work = vec![f32::NAN; work_len(Pass::Input, &g)];
        input_gradient(&g, &kernel, &dy, &[], false, &mut work, &mut dx);
        let expected = after(&dx, &bias);
        input_gradient(&g, &kernel, &dy, &bias, true, &mut work, &mut dx);
        assert_eq!(dx, expected);
    }
}

#[test]
fn not_a_number_is_not_hidden_by_relu() {
    let g = geometry(1, [2, 2, 1], [2, 2], 1, [1, 1], [1, 1], false);
    let mut y = [0.0];
    let mut work = vec![0.0; work_len(Pass::Forward, &g)];
    forward(&g, &[1.0, f32::NAN, 1.0, 1.0], &[1.0; 4], &[0.0], true, &mut work, &mut y);
    assert!(y[0].is_nan());
}

#[test]
fn depthwise_and_gradients() {
    for g in geometries() {
        for multiplier in [1, 3] {
            let channels = g.input[2] * multiplier;
            let g = Geometry { output: [g.output[0], g.output[1], channels], ..g };
            let lens = sizes(g, channels);
            let [mut x, mut kernel, mut dy] = [0, 1, 2].map(|i| numbers(lens[i], i as f32));
            let [mut dx, mut dkernel, mut y] = lens.map(|len| vec![f32::NAN; len]);

            depthwise(Pass::DepthwiseForward, &g, &mut x, &mut kernel, &mut y);
            assert_close(&y, &exact_depthwise(g, &widened(&x), &widened(&kernel)), 1e-5);

            depthwise(Pass::DepthwiseInput, &g, &mut dx, &mut kernel, &mut dy);
            let of_x = |x: &[f64]| weighted(&dy, &exact_depthwise(g, x, &widened(&kernel)));
            assert_close(&dx, &differences(&x, of_x), 1e-4);

            depthwise(Pass::DepthwiseKernel, &g, &mut x, &mut dkernel, &mut dy);
            let of_kernel =
                |kernel: &[f64]| weighted(&dy, &exact_depthwise(g, &widened(&x), kernel));
            assert_close(&dkernel, &differences(&kernel, of_kernel), 1e-4);
        }
    }
}
