//! The sizes of a convolution or a pooling.

/// The result that a call computes.
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
    /// The gradient of the input of a depthwise convolution.
    DepthwiseInput,
    /// The gradient of the kernel of a depthwise convolution.
    DepthwiseKernel,
}

/// The sizes of a convolution or a pooling over a batch of images. Pairs are (vertical, horizontal).
#[derive(Clone, Copy)]
pub struct Geometry {
    /// The number of images.
    pub batch: usize,
    /// Height, width and channels of the input.
    pub input: [usize; 3],
    /// Height and width of the kernel or the pool.
    pub kernel: [usize; 2],
    /// Height, width and channels of the output.
    pub output: [usize; 3],
    /// Pixels from one window to the next.
    pub stride: [usize; 2],
    /// Rows of zeros above the input, and columns to the left. Numbers below the input and to the right are zero too.
    pub padding: [usize; 2],
    /// Pixels from one tap of the kernel to the next.
    pub dilation: [usize; 2],
}

impl Geometry {
    /// For a 1 x 1 kernel without strides and padding: the same convolution over one image of one row that contains the pixels
    /// of all images.
    pub(super) fn folded(&self) -> Self {
        let ([h, w, inputs], [.., outputs]) = (self.input, self.output);
        if (self.kernel, self.stride, self.padding) != ([1, 1], [1, 1], [0, 0]) {
            return *self;
        }
        let pixels = self.batch * h * w;
        Self { batch: 1, input: [1, pixels, inputs], output: [1, pixels, outputs], ..*self }
    }
}
