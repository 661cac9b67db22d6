//! Sizes of a convolution or pooling.

/// The result to compute.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Pass {
    /// The output.
    Forward,
    /// The gradient of the input: also the output of a transposed convolution.
    Input,
    /// The gradient of the kernel.
    Kernel,
    /// The output of a depthwise convolution.
    DepthwiseForward,
    /// Its gradient of the input.
    DepthwiseInput,
    /// Its gradient of the kernel.
    DepthwiseKernel,
}

/// Sizes of a convolution or pooling over a batch of images. Pairs are (vertical, horizontal).
#[derive(Clone, Copy)]
pub struct Geometry {
    /// Images.
    pub batch: usize,
    /// Height, width and channels of the input.
    pub input: [usize; 3],
    /// Height and width of the kernel or the pool.
    pub kernel: [usize; 2],
    /// Height, width and channels of the output.
    pub output: [usize; 3],
    /// Pixels from one window to the next.
    pub stride: [usize; 2],
    /// Rows and columns of zeros above and left of the input; numbers below and right of it are zero too.
    pub padding: [usize; 2],
    /// Pixels from one tap of the kernel to the next.
    pub dilation: [usize; 2],
}

impl Geometry {
    /// Without taps there are no borders: then the pixels of all images are one row.
    pub(super) fn folded(&self) -> Self {
        let ([h, w, inputs], [.., outputs]) = (self.input, self.output);
        if (self.kernel, self.stride, self.padding) != ([1, 1], [1, 1], [0, 0]) {
            return *self;
        }
        let pixels = self.batch * h * w;
        Self { batch: 1, input: [1, pixels, inputs], output: [1, pixels, outputs], ..*self }
    }
}
