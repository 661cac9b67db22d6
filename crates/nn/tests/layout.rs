//! Strided copies, compared index by index.

use gradstep_nn::layout::{Axis, add_strided, copy_strided};

fn reach(axes: &[Axis; 4], step: impl Fn(&Axis) -> usize) -> usize {
    1 + axes.iter().map(|axis| (axis.len - 1) * step(axis)).sum::<usize>()
}

fn check(lens: [usize; 4], from: [usize; 4], to: [usize; 4]) {
    let axes: [Axis; 4] = std::array::from_fn(|i| Axis { len: lens[i], from: from[i], to: to[i] });
    let src: Vec<f32> = (0..reach(&axes, |axis| axis.from)).map(|i| i as f32).collect();
    let mut dst = vec![-1.0; reach(&axes, |axis| axis.to)];
    let mut expected = dst.clone();
    copy_strided(&src, &mut dst, axes);
    for index in 0..lens.iter().product() {
        let (mut rest, mut at, mut source) = (index, 0, 0);
        for axis in axes.iter().rev() {
            at += rest % axis.len * axis.to;
            source += rest % axis.len * axis.from;
            rest /= axis.len;
        }
        expected[at] = src[source];
    }
    assert_eq!(dst, expected, "{lens:?} {from:?} {to:?}");
    // Adding the source again doubles the copied elements, and changes no others.
    add_strided(&src, &mut dst, axes);
    let copied: Vec<bool> = expected.iter().map(|x| *x != -1.0).collect();
    for ((sum, one), copied) in dst.iter().zip(&expected).zip(copied) {
        assert_eq!(*sum, if copied { 2.0 * one } else { -1.0 }, "sum of {lens:?} {from:?} {to:?}");
    }
}

#[test]
fn transposes() {
    for (rows, cols) in [(1, 1), (3, 5), (16, 16), (17, 33), (40, 2)] {
        check([1, 1, cols, rows], [0, 0, 1, cols], [0, 0, rows, 1]);
    }
    // [2, 3, 4, 5] with its axes in the order 2, 0, 3, 1.
    check([4, 2, 5, 3], [5, 60, 1, 20], [30, 15, 3, 1]);
}

#[test]
fn slices_and_pads() {
    // A block of 2 x 3 x 20 of a 4 x 5 x 22 source, copied into 3 x 6 x 21.
    check([1, 2, 3, 20], [0, 110, 22, 1], [0, 60, 20, 1]);
    check([1, 2, 3, 20], [0, 60, 20, 1], [0, 126, 21, 1]);
    check([1, 1, 4, 3], [0, 0, 3, 1], [0, 0, 7, 1]);
}

#[test]
fn broadcasts() {
    check([1, 3, 2, 40], [0, 0, 0, 1], [0, 80, 40, 1]);
    check([1, 1, 5, 7], [0, 0, 1, 0], [0, 0, 7, 1]);
    check([2, 3, 4, 5], [0, 1, 0, 0], [60, 20, 5, 1]);
}

#[test]
fn nothing() {
    let axis = Axis { len: 0, from: 1, to: 1 };
    copy_strided(&[], &mut [], [axis; 4]);
    add_strided(&[], &mut [], [axis; 4]);
}
