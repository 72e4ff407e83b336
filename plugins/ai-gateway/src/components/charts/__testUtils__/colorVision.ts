type Rgb = readonly [number, number, number];
type Matrix = readonly [Rgb, Rgb, Rgb];

/**
 * What people without one kind of cone see, on linear RGB: G. M. Machado, M. M. Oliveira, L. A. F. Fernandes, "A Physiologically-based
 * Model for Simulation of Color Vision Deficiency" (2009), severity 1.
 */
const SIMULATIONS = {
  normal: [
    [1, 0, 0],
    [0, 1, 0],
    [0, 0, 1],
  ],
  protanopia: [
    [0.152286, 1.052583, -0.204868],
    [0.114503, 0.786281, 0.099216],
    [-0.003882, -0.048116, 1.051998],
  ],
  deuteranopia: [
    [0.367322, 0.860646, -0.227968],
    [0.280085, 0.672501, 0.047413],
    [-0.01182, 0.04294, 0.968881],
  ],
  tritanopia: [
    [1.255528, -0.076749, -0.178779],
    [-0.078411, 0.930809, 0.147602],
    [0.004733, 0.691367, 0.3039],
  ],
} as const satisfies Record<string, Matrix>;

/** A way of seeing colours. */
export type Vision = keyof typeof SIMULATIONS;

/** Normal vision first. */
export const VISIONS: readonly Vision[] = [
  'normal',
  'protanopia',
  'deuteranopia',
  'tritanopia',
];

/**
 * How different two colours look: their distance in OKLab, where black and white are 1 apart.
 *
 * @param a - `#rrggbb`
 * @param b - `#rrggbb`
 */
export function colorDistance(a: string, b: string, vision: Vision): number {
  const [p, q] = [a, b].map(color =>
    okLab(multiply(SIMULATIONS[vision], linearRgb(color)).map(clamp)),
  );
  return Math.hypot(p[0] - q[0], p[1] - q[1], p[2] - q[2]);
}

/** The contrast ratio of WCAG 2, from 1 to 21. */
export function contrastRatio(a: string, b: string): number {
  const [dark, light] = [a, b].map(luminance).sort((p, q) => p - q);
  return (light + 0.05) / (dark + 0.05);
}

function luminance(color: string): number {
  const [r, g, b] = linearRgb(color);
  return 0.2126 * r + 0.7152 * g + 0.0722 * b;
}

function linearRgb(color: string): Rgb {
  const channel = (at: number) => {
    const value = parseInt(color.slice(at, at + 2), 16) / 255;
    return value <= 0.04045 ? value / 12.92 : ((value + 0.055) / 1.055) ** 2.4;
  };
  return [channel(1), channel(3), channel(5)];
}

/** Björn Ottosson's OKLab of linear RGB. */
function okLab(rgb: readonly number[]): Rgb {
  const [r, g, b] = rgb;
  const [l, m, s] = [
    0.4122214708 * r + 0.5363325363 * g + 0.0514459929 * b,
    0.2119034982 * r + 0.6806995451 * g + 0.1073969566 * b,
    0.0883024619 * r + 0.2817188376 * g + 0.6299787005 * b,
  ].map(Math.cbrt);
  return [
    0.2104542553 * l + 0.793617785 * m - 0.0040720468 * s,
    1.9779984951 * l - 2.428592205 * m + 0.4505937099 * s,
    0.0259040371 * l + 0.7827717662 * m - 0.808675766 * s,
  ];
}

function multiply(matrix: Matrix, [r, g, b]: Rgb): number[] {
  return matrix.map(row => row[0] * r + row[1] * g + row[2] * b);
}

function clamp(value: number): number {
  return Math.min(1, Math.max(0, value));
}
