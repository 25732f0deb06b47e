// Colours as canvas pixels: one whole number each, whose bytes are alpha, blue, green, red.

const SEQUENTIAL = [[46, 26, 71], [71, 71, 135], [56, 118, 140], [64, 164, 124], [150, 205, 80], [250, 232, 70]];

// red, green, blue, alpha: 0 to 255.
export function pixelColour([red, green, blue], alpha = 255) {
  return (alpha << 24) | (blue << 16) | (green << 8) | red;
}

// A palette of [red, green, blue], to be looked up by class.
export function pixelPalette(palette) {
  return Uint32Array.from(palette, (colour) => pixelColour(colour));
}

// The colours of 0 (dark) to 255 (light), for values in order.
export function sequentialColours() {
  return Uint32Array.from({ length: 256 }, (_, value) => {
    const place = (value / 255) * (SEQUENTIAL.length - 1), below = Math.min(Math.floor(place), SEQUENTIAL.length - 2);
    const above = SEQUENTIAL[below + 1];
    return pixelColour(SEQUENTIAL[below].map((part, i) => part + (place - below) * (above[i] - part)));
  });
}

// For a stylesheet.
export function cssColour(colour) {
  return `rgb(${colour})`;
}
