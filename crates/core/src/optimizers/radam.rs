//! RAdam (Liu et al. 2019, algorithm 2), as in optax: Adam that uses its second moment only after enough steps.
//!
//! ```text
//! m <- m + (g - m)(1 - b1) ;  v <- v + (g^2 - v)(1 - b2) ;  mh = m / (1 - b1^t) ;  vh = v / (1 - b2^t)
//! s = 2 / (1 - b2) - 1 ;  rho = s - 2 t b2^t / (1 - b2^t)
//! rho > 5     r = sqrt((rho - 4)(rho - 2) s / ((s - 4)(s - 2) rho)) ;  w <- w - lr r mh / (sqrt(vh) + eps)
//! otherwise   w <- w - lr mh
//! ```

use super::adam::Scalars;
use super::rule::Rule;
use super::spec::{NONE, Slot, Spec};
use crate::finite::SQUARE_ROOT;
use crate::lanes::{Formula, Lanes};
use crate::plan::{Care, Clock, Job};

/// The second moment is used if its average is longer than this.
const LEAST_LENGTH: f64 = 5.0;

/// Scalars of one step.
pub struct RAdam {
    adam: Scalars,
    is_rectified: bool,
}

impl Rule for RAdam {
    const SPEC: Spec = Spec {
        name: "radam",
        arguments: &[
            ("learning_rate", 0.001),
            ("beta_1", 0.9),
            ("beta_2", 0.999),
            ("epsilon", 1e-8),
        ],
        weight_decay: NONE,
        slots: &[Slot::zeros("momentum", 0), Slot::zeros("velocity", 0)],
        shared: "",
    };

    fn begin(arguments: &[f64], clock: Clock, _shared: &mut [f32]) -> Self {
        let &[_, b1, b2, epsilon] = arguments.first_chunk().expect("as many as SPEC has");
        // In single precision, the length of the first steps would be lost in a difference of two numbers near 2000.
        let t = f64::from(clock.t);
        let power = libm::pow(b2, t);
        let longest = 2.0 / (1.0 - b2) - 1.0;
        let length = longest - 2.0 * t * power / (1.0 - power);
        let is_rectified = length > LEAST_LENGTH;
        let root = if is_rectified { (1.0 - power).sqrt() } else { 1.0 };
        let share = if is_rectified {
            let most = (longest - 4.0) * (longest - 2.0) * length;
            ((length - 4.0) * (length - 2.0) * longest / most).sqrt()
        } else {
            1.0
        };
        let adam = Scalars {
            one_minus_b1: (1.0 - b1) as f32,
            one_minus_b2: (1.0 - b2) as f32,
            epsilon: (epsilon * root) as f32,
            alpha: (f64::from(clock.lr) * share * root / (1.0 - libm::pow(b1, t))) as f32,
        };
        Self { adam, is_rectified }
    }

    fn update(&self, job: Job) {
        if self.is_rectified {
            self.adam.update(job);
        } else {
            let is_tame = self.adam.alpha.abs() <= 1.0;
            job.elementwise([0, 1], Care::unless(is_tame), &Unrectified(&self.adam));
        }
    }
}

/// The first steps, which are those of momentum.
struct Unrectified<'r>(&'r Scalars);

impl Formula<2> for Unrectified<'_> {
    #[inline(always)]
    fn apply<L: Lanes>(&self, w: L, g: L, [m, v]: [L; 2]) -> (L, [L; 2]) {
        let (m, v) = self.0.moments(g, m, v);
        (w - m * L::splat(self.0.alpha), [m, v])
    }

    const BOUNDS: [f32; 2] = [SQUARE_ROOT, f32::MAX];

    /// A parameter may grow beyond the largest number.
    #[inline(always)]
    fn watch<L: Lanes>(seen: L, w: L, [_, v]: [L; 2]) -> L {
        seen.raised(v) + w.poison()
    }
}
