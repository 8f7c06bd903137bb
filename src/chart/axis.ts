/** A vertical axis in the numbers that label it. */
export interface Axis {
  readonly kind: 'linear' | 'log';
  readonly domain: readonly [number, number];
  readonly ticks: readonly number[];
}

/** What one number on an axis means. */
export interface Unit {
  readonly name: string;
  readonly size: number;
  /** Between number and name; a space where it is left out. */
  readonly gap?: string;
}

/** Above it small values would all lie on the bottom line. */
const linearRatio = 15;
const wantedTicks = 4;

/** The largest of `units` (smallest first) of which the largest value makes at least one and a half. */
export function unitFor(values: readonly number[], units: readonly [Unit, ...Unit[]]): Unit {
  const most = Math.max(...values, 0);
  return units.findLast(({ size }) => most >= 1.5 * size) ?? units[0];
}

/** From zero, so that a doubling looks like one; logarithmic where the values are of very different sizes. */
export function axisFor(values: readonly number[]): Axis {
  const most = Math.max(...values, Number.MIN_VALUE);
  const least = Math.min(...values.filter((value) => value > 0), most);
  return most / least > linearRatio ? logAxis(least, most) : linearAxis(most);
}

function linearAxis(most: number): Axis {
  const rough = most / wantedTicks;
  const power = 10 ** Math.floor(Math.log10(rough));
  const step = ([1, 2, 2.5, 5, 10].find((factor) => factor * power >= rough) ?? 10) * power;
  const count = Math.ceil(most / step - 1e-9);
  const ticks = Array.from({ length: count + 1 }, (_, n) => rounded(n * step));
  return { kind: 'linear', domain: [0, rounded(count * step)], ticks };
}

function logAxis(least: number, most: number): Axis {
  const from = Math.floor(Math.log10(least));
  const to = Math.ceil(Math.log10(most));
  const steps = Array.from({ length: to - from + 1 }, (_, n) => 10 ** (from + n));
  const marks = steps.flatMap((power) => [1, 2, 5].map((factor) => rounded(factor * power)));
  const low = marks.findLast((mark) => mark <= least) ?? marks[0] ?? least;
  const high = marks.find((mark) => mark >= most) ?? most;
  const inside = marks.filter((mark) => mark >= low && mark <= high);
  const ticks = inside.length <= 7 ? inside : inside.filter((mark) => Number.isInteger(Math.log10(mark)));
  return { kind: 'log', domain: [low, high], ticks };
}

/** Where a value lies, in pixels from the top of a panel so high. */
export function pixelOf({ kind, domain: [low, high] }: Axis, value: number, height: number): number {
  const share =
    kind === 'linear'
      ? (value - low) / (high - low)
      : (Math.log(Math.max(value, low)) - Math.log(low)) / (Math.log(high) - Math.log(low));
  return height * (1 - share);
}

/** 0.30000000000000004 is no readable tick. */
function rounded(value: number): number {
  return Number(value.toPrecision(12));
}
