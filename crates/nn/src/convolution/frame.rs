//! An image with zeros around it.

use super::Geometry;

/// Sizes of an image inside zeros. Where none are needed, the image itself is used.
#[derive(Clone, Copy)]
pub(super) struct Frame {
    image: [usize; 3],
    /// Rows above and columns to the left.
    before: [usize; 2],
    /// Rows and columns in all.
    size: [usize; 2],
    /// Copies the image even without zeros, with this much space after it.
    pub slack: usize,
}

impl Frame {
    /// `needed`: rows and columns that are read, from the first zero on.
    pub fn new(image: [usize; 3], before: [usize; 2], needed: [usize; 2]) -> Self {
        let size = [0, 1].map(|axis| image[axis].saturating_add(before[axis]).max(needed[axis]));
        Self { image, before, size, slack: 0 }
    }

    /// The input of a convolution, as read by its windows.
    #[inline(never)]
    pub fn of_input(g: &Geometry) -> Self {
        let needed = [0, 1].map(|axis| {
            let last = (g.output[axis].max(1) - 1).saturating_mul(g.stride[axis]);
            last.saturating_add((g.kernel[axis] - 1).saturating_mul(g.dilation[axis]))
                .saturating_add(1)
        });
        Self::new(g.input, g.padding, needed)
    }

    fn is_image(self) -> bool {
        self.slack == 0 && self.size == [self.image[0], self.image[1]]
    }

    /// Contiguous numbers.
    pub fn pitch(self) -> usize {
        self.size[1].saturating_mul(self.image[2])
    }

    /// Working memory: none if the image itself is used. The largest countable number if it is more; no allocator has
    /// that much.
    #[inline(never)]
    pub fn len(self) -> usize {
        if self.is_image() {
            0
        } else {
            self.size[0].saturating_mul(self.pitch()).saturating_add(self.slack)
        }
    }

    /// The image inside its zeros: `memory` already contains them, and they are not overwritten by other images.
    #[inline(never)]
    pub fn around<'a>(self, image: &'a [f32], memory: &'a mut [f32]) -> &'a [f32] {
        if self.is_image() {
            return image;
        }
        self.rows(|row, at, len| memory[at..at + len].copy_from_slice(&image[row * len..][..len]));
        memory
    }

    /// Calls `f(row of the image, where it starts in the frame, its length)` for each row.
    pub fn rows(self, mut f: impl FnMut(usize, usize, usize)) {
        let [rows, cols, channels] = self.image;
        for row in 0..rows {
            let at = (row + self.before[0]) * self.pitch() + self.before[1] * channels;
            f(row, at, cols * channels);
        }
    }
}
