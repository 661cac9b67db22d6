//! `exp` of lanes compared with `libm::expf`, bit by bit.

use gradstep_nn::exponential::exp_shifted;

fn assert_same_bits(bits: impl Iterator<Item = u32>) {
    let inputs: Vec<f32> = bits.map(f32::from_bits).collect();
    let mut results = inputs.clone();
    exp_shifted(&mut results, 0.0);
    for (x, got) in inputs.iter().zip(results) {
        let expected = libm::expf(*x);
        let same = got.to_bits() == expected.to_bits() || got.is_nan() && expected.is_nan();
        assert!(same, "exp({x:e}, bits {:08x}): {got:e}, libm {expected:e}", x.to_bits());
    }
}

#[test]
fn the_bits_of_libm_over_all_floats() {
    // The step is prime: 4 million of the 2^32 inputs, with every exponent and varying low bits.
    for start in (0..u32::MAX).step_by(1 << 28) {
        assert_same_bits((start..start.saturating_add(1 << 28)).step_by(1021));
    }
}

#[test]
fn the_bits_of_libm_around_every_threshold() {
    let thresholds: [u32; 8] = [
        0x3900_0000,
        0x3eb1_7218,
        0x3f85_1592,
        0x42ae_ac50,
        0x42b1_7218,
        0x42cf_f1b5,
        0x7f80_0000,
        0x0080_0000,
    ];
    for at in thresholds {
        for sign in [0, 0x8000_0000] {
            assert_same_bits((at - 3000..at + 3000).map(|bits| bits | sign));
        }
    }
    assert_same_bits(
        [0, 0x8000_0000, 1, 0x8000_0001, 0x7f80_0000, 0xff80_0000, 0x7fc0_0000].into_iter(),
    );
}

#[test]
fn the_bits_of_libm_where_a_constant_off_by_one_digit_shows() {
    let inputs =
        [0.188_816_1_f32, 0.244_884_76, 0.260_952_67, 0.264_141_56, 0.269_770_38, 0.288_262_58];
    assert_same_bits(inputs.into_iter().flat_map(|x| x.to_bits() - 2..x.to_bits() + 3));
}
