//! Safe calls with wrong lengths and shapes: they are refused, or access only their memory. Under AddressSanitizer
//! (`npm run sanitize`) and Miri (`npm run miri`), any other access ends the test.

use gradstep_core::lanes::strided;
use gradstep_core::matmul::{Matrix, matmul};
use gradstep_core::memory::{Gradients, Slab, Span};
use gradstep_core::optimizers::OPTIMIZERS;
use gradstep_core::plan::{Call, Options, Outcome, Plan, RowShape, State, Variable, clip_in_place};
use std::panic::{AssertUnwindSafe, catch_unwind};

const CALL: Call = Call { lr: 0.1, calls: 0.0, unscale: f64::NAN, clip: true, check_finite: true };
const LEN: usize = 12;
const SHAPE: RowShape = RowShape { rank: 2, len: LEN, rows: 3, cols: 4, second_side: false };

/// A plan over one variable, and the span that follows the variable in the same slab.
fn plan(rule: usize, shape: RowShape) -> Option<(Plan, Span)> {
    let mut slab = Slab::zeroed(64).expect("memory");
    let (w, mut neighbour) = (slab.take(LEN), slab.take(16));
    neighbour.values_mut().fill(7.0);
    let variables = vec![Variable { w, shape, no_decay: false }];
    let arguments = OPTIMIZERS[rule].spec.defaults();
    Plan::new(rule, &arguments, Options::default(), variables).ok().map(|plan| (plan, neighbour))
}

/// Whether the call was refused by a panic or an error.
fn is_refused<T, E>(call: impl FnOnce() -> Result<T, E>) -> bool {
    !matches!(catch_unwind(AssertUnwindSafe(call)), Ok(Ok(_)))
}

#[test]
fn gradients_of_other_lengths_and_counts_are_refused() {
    static NUMBERS: [f32; 64] = [1.0; 64];
    for rule in 0..OPTIMIZERS.len() {
        for len in [0, 1, LEN - 1, LEN + 1, 64] {
            let (mut own, neighbour) = plan(rule, SHAPE).expect("sound");
            *own.gradients() = Gradients::of(&[Some(&NUMBERS[..len])]).expect("memory");
            let refused = is_refused(|| own.step(CALL));
            assert!(refused || len > LEN, "{rule} takes {len} numbers");
            assert_eq!(neighbour.values(), [7.0; 16]);
        }
        let (mut own, _) = plan(rule, SHAPE).expect("sound");
        *own.gradients() = Gradients::NONE;
        assert!(is_refused(|| own.step(CALL)), "{rule} takes no list");
        let (mut own, _) = plan(rule, SHAPE).expect("sound");
        assert!(is_refused(|| own.step_with(&[], CALL)));
        let (mut own, _) = plan(rule, SHAPE).expect("sound");
        assert!(is_refused(|| own.step_with(&[Some(&NUMBERS[..3])], CALL)));
    }
}

#[test]
fn shapes_that_are_not_the_variables_are_refused() {
    let with = |rank, len, rows, cols| RowShape { rank, len, rows, cols, second_side: true };
    let most = usize::MAX;
    for rule in 0..OPTIMIZERS.len() {
        for shape in [
            with(2, LEN + 1, 3, 4),
            with(2, LEN, 4, 4),
            with(2, LEN, 3, 5),
            with(2, most, most, 1),
            with(2, LEN, most, most),
            with(2, LEN, most / 2 + 1, 2),
            with(0, 0, 0, 0),
        ] {
            if let Some((mut own, neighbour)) = plan(rule, shape) {
                let _ = is_refused(|| own.step_with(&[Some(&[1.0; LEN])], CALL));
                assert_eq!(neighbour.values(), [7.0; 16], "{rule} {shape:?}");
            }
        }
    }
}

#[test]
fn rows_and_slots_that_do_not_exist_are_refused() {
    let (mut own, _) = plan(0, SHAPE).expect("sound");
    assert!(own.state(0, State::Slot(usize::MAX)).is_empty());
    assert!(own.weights(1).is_empty() && own.weights_mut(usize::MAX).is_empty());
    own.set_decay(usize::MAX, 1.0);
    for (indices, values) in [(&[3][..], 4), (&[-1], 4), (&[i32::MAX], 4), (&[0, 0], 4), (&[0], 5)]
    {
        let values = vec![1.0; values];
        let _ = is_refused(|| own.set_rows(0, indices, &values));
        let _ = is_refused(|| own.step(CALL));
    }
    let (mut other, _) = plan(0, SHAPE).expect("sound");
    assert!(is_refused(|| other.set_rows(1, &[0], &[1.0; 4])));
    assert_eq!(other.step_with(&[Some(&[1.0; LEN])], CALL).ok(), Some(Outcome::Updated));
}

#[test]
fn spans_of_no_memory_are_empty() {
    let mut spans = [Span::EMPTY, Span::EMPTY];
    clip_in_place(&Options { clipnorm: 1.0, ..Options::default() }, &mut spans);
    assert!(spans.iter_mut().all(|span| span.values_mut().is_empty()));
}

#[test]
fn products_and_strides_beyond_the_numbers_are_refused() {
    let x = [1.0f32; 12];
    for (rows, cols) in [(3, 5), (usize::MAX, 2), (usize::MAX / 2 + 1, 2), (0, 1), (12, 0)] {
        assert!(is_refused::<_, ()>(|| {
            Matrix::new(&x, rows, cols);
            Ok(())
        }));
    }
    let product = |a: Matrix, b: Matrix, len: usize| {
        is_refused::<_, ()>(|| {
            matmul(1.0, a, b, 0.0, &mut vec![0.0; len]);
            Ok(())
        })
    };
    let (tall, wide) = (Matrix::new(&x, 4, 3), Matrix::new(&x, 3, 4));
    assert!(product(tall, tall, 16) && product(tall, wide, 15) && product(tall, wide, 17));
    assert!(product(tall.t(), wide, 16) && product(wide.t(), tall.t().t(), 16));
    assert!(!product(tall, wide, 16) && !product(wide, tall, 9));
    let empty = Matrix::new(&[], usize::MAX, 0);
    assert!(product(empty, Matrix::new(&[], 0, usize::MAX), 16));
    for (step, count) in [(1, 10), (usize::MAX, 2), (usize::MAX / 2 + 1, 3), (0, usize::MAX)] {
        let runs = catch_unwind(|| strided::<4>(&x, step, count).take(3).count());
        assert_eq!(runs.is_err(), step != 0);
    }
}
