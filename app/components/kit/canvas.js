// A canvas of a picture's own pixels, stretched by the stylesheet, and where a pixel is on the page.

export class PixelCanvas {
  canvas;
  width;
  height;
  pixels; // Uint32Array, one colour each (colours.js), row after row
  #context;
  #image;

  constructor(canvas, width, height) {
    Object.assign(this, { canvas, width, height });
    canvas.width = width;
    canvas.height = height;
    this.#context = canvas.getContext("2d");
    this.#image = this.#context.createImageData(width, height);
    this.pixels = new Uint32Array(this.#image.data.buffer);
  }

  // Show `pixels`.
  show() {
    this.#context.putImageData(this.#image, 0, 0);
  }
}

// The pixel [x, y] of a picture of width x height that is under a pointer over `node`; null outside.
export function pixelUnder(node, event, { width, height }) {
  const box = node.getBoundingClientRect();
  const x = Math.floor(((event.clientX - box.left) / box.width) * width);
  const y = Math.floor(((event.clientY - box.top) / box.height) * height);
  return x >= 0 && y >= 0 && x < width && y < height ? [x, y] : null;
}

// Put `node` over a pixel of the picture that it stands on.
export function placeAtPixel(node, [x, y], { width, height }) {
  node.style.left = `${(100 * (x + 0.5)) / width}%`;
  node.style.top = `${(100 * (y + 0.5)) / height}%`;
}

// Have the browser download a photograph with a canvas laid over it, at the photograph's size, as a PNG file.
export function downloadOverlay(photo, canvas, opacity, name) {
  const [sheet, link] = ["canvas", "a"].map((tag) => document.createElement(tag));
  sheet.width = photo.naturalWidth;
  sheet.height = photo.naturalHeight;
  const context = sheet.getContext("2d");
  context.drawImage(photo, 0, 0);
  context.globalAlpha = opacity;
  context.imageSmoothingEnabled = false;
  context.drawImage(canvas, 0, 0, sheet.width, sheet.height);
  sheet.toBlob((blob) => {
    link.href = URL.createObjectURL(blob);
    link.download = name;
    link.click();
    setTimeout(() => URL.revokeObjectURL(link.href), 10_000);
  });
}
