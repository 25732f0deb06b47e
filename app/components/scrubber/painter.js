// The picture: colours laid over the photograph, and the pixel under the hand.

const OPAQUE = 255 << 24;
const WRONG = OPAQUE | (0x4d << 16) | (0x3b << 8) | 0xe5; // bytes are alpha, blue, green, red
const UNLABELLED = (140 << 24) | (128 << 16) | (128 << 8) | 128;
const DIMMED = (190 << 24) | (22 << 16) | (20 << 8) | 20;
const STRIPE = OPAQUE | (255 << 16) | (255 << 8) | 255;
const UNCERTAIN = 128; // of 255: the winner has less than half
const LOW_TO_HIGH = [[46, 26, 71], [71, 71, 135], [56, 118, 140], [64, 164, 124], [150, 205, 80], [250, 232, 70]];

function ramp() {
  return Uint32Array.from({ length: 256 }, (_, value) => {
    const place = (value / 255) * (LOW_TO_HIGH.length - 1), below = Math.min(Math.floor(place), LOW_TO_HIGH.length - 2);
    const [r, g, b] = LOW_TO_HIGH[below].map((part, i) => part + (place - below) * (LOW_TO_HIGH[below + 1][i] - part));
    return OPAQUE | (b << 16) | (g << 8) | r;
  });
}

class Painter {
  constructor(canvas, width, height, palette) {
    canvas.width = width;
    canvas.height = height;
    this.context = canvas.getContext("2d");
    this.image = this.context.createImageData(width, height);
    this.pixels = new Uint32Array(this.image.data.buffer);
    this.palette = Uint32Array.from(palette, ([r, g, b]) => OPAQUE | (b << 16) | (g << 8) | r);
    this.ramp = ramp();
    this.width = width;
  }

  // show: labels, confidence or errors. single: a class to single out, or null. hatch: stripe uncertain pixels.
  paint(flow, truth, { show, single, hatch }) {
    const { pixels, width } = this, { labels } = flow;
    if (show === "errors" && truth) {
      for (let i = 0; i < pixels.length; i++)
        pixels[i] = truth[i] === IGNORE ? UNLABELLED : labels[i] === truth[i] ? 0 : WRONG;
    } else if (show === "confidence") {
      const confidence = flow.confidences();
      for (let i = 0; i < pixels.length; i++) pixels[i] = this.ramp[confidence[i]];
    } else {
      for (let i = 0; i < pixels.length; i++) pixels[i] = this.palette[labels[i]];
    }
    if (single !== null) for (let i = 0; i < pixels.length; i++) if (labels[i] !== single) pixels[i] = DIMMED;
    if (hatch) {
      const confidence = flow.confidences();
      for (let i = 0; i < pixels.length; i++)
        if (confidence[i] < UNCERTAIN && ((i % width) + ((i / width) | 0)) % 6 < 2) pixels[i] = STRIPE;
    }
    this.context.putImageData(this.image, 0, 0);
  }
}

// The pixel of the network's picture under a pointer, or null outside.
function pixelAt(pane, event, { width, height }) {
  const box = pane.getBoundingClientRect();
  const x = Math.floor(((event.clientX - box.left) / box.width) * width);
  const y = Math.floor(((event.clientY - box.top) / box.height) * height);
  return x >= 0 && y >= 0 && x < width && y < height ? [x, y] : null;
}

// The present frame as a PNG file: the photograph, and the colours over it.
function saved(photo, canvas, opacity, name) {
  const sheet = document.createElement("canvas");
  sheet.width = photo.naturalWidth;
  sheet.height = photo.naturalHeight;
  const context = sheet.getContext("2d");
  context.drawImage(photo, 0, 0);
  context.globalAlpha = opacity;
  context.imageSmoothingEnabled = false;
  context.drawImage(canvas, 0, 0, sheet.width, sheet.height);
  sheet.toBlob((blob) => {
    const link = document.createElement("a");
    link.href = URL.createObjectURL(blob);
    link.download = name;
    link.click();
    setTimeout(() => URL.revokeObjectURL(link.href), 10_000);
  });
}
