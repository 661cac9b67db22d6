//! Frames: images surrounded by zeros.

use super::Geometry;

/// The sizes of an image and of the zeros around it. If it needs no zeros, the image itself is used.
#[derive(Clone, Copy)]
pub(super) struct Frame {
    image: [usize; 3],
    /// Rows of zeros above the image, and columns to the left.
    before: [usize; 2],
    /// Rows and columns of the frame.
    size: [usize; 2],
    /// Unless 0, the image is copied even if it needs no zeros, and this many numbers follow it.
    pub slack: usize,
}

impl Frame {
    /// A frame for an image with `before` zeros. `needed` are the rows and columns that are read, from the first zero on.
    pub fn new(image: [usize; 3], before: [usize; 2], needed: [usize; 2]) -> Self {
        let size = [0, 1].map(|axis| image[axis].saturating_add(before[axis]).max(needed[axis]));
        Self { image, before, size, slack: 0 }
    }

    /// The frame of a convolution's input, as its windows read it.
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

    /// The count of numbers in a row of the frame.
    pub fn pitch(self) -> usize {
        self.size[1].saturating_mul(self.image[2])
    }

    /// The length of the working memory: 0 if the image itself is used. If it exceeds `usize`, `usize::MAX`, which no allocator
    /// provides.
    #[inline(never)]
    pub fn len(self) -> usize {
        if self.is_image() {
            0
        } else {
            self.size[0].saturating_mul(self.pitch()).saturating_add(self.slack)
        }
    }

    /// Returns the image with its zeros. `memory` already contains the zeros, which other images do not overwrite.
    #[inline(never)]
    pub fn around<'a>(self, image: &'a [f32], memory: &'a mut [f32]) -> &'a [f32] {
        if self.is_image() {
            return image;
        }
        self.rows(|row, at, len| memory[at..at + len].copy_from_slice(&image[row * len..][..len]));
        memory
    }

    /// Calls `f(row of the image, start of the row in the frame, length of the row)` for each row.
    pub fn rows(self, mut f: impl FnMut(usize, usize, usize)) {
        let [rows, cols, channels] = self.image;
        for row in 0..rows {
            let at = (row + self.before[0]) * self.pitch() + self.before[1] * channels;
            f(row, at, cols * channels);
        }
    }
}
