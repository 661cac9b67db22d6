//! RAdam (Liu et al. 2019, algorithm 2), as in optax: Adam that uses its second moment only after enough steps.
//!
//! ```text
//! m <- m + (g - m)(1 - b1) ;  v <- v + (g^2 - v)(1 - b2) ;  mh = m / (1 - b1^t) ;  vh = v / (1 - b2^t)
//! s = 2 / (1 - b2) - 1 ;  rho = s - 2 t b2^t / (1 - b2^t)
//! rho > 5     r = sqrt((rho - 4)(rho - 2) s / ((s - 4)(s - 2) rho)) ;  w <- w - lr r mh / (sqrt(vh) + eps)
//! otherwise   w <- w - lr mh
//! ```

use super::adam::Scalars;
use super::rule::{Rule, rectification, root_share};
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
        let (lr, t) = (f64::from(clock.lr), f64::from(clock.t));
        let share = rectification(b2, t, LEAST_LENGTH);
        let root = root_share(b2, t);
        let rate = share.map_or(lr, |share| lr * share * root);
        let adam = Scalars::with_rate([b1, b2], epsilon * root, rate, t);
        Self { adam, is_rectified: share.is_some() }
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
