/** Run inside the page: what a person could not read or press there, in one line each. */

interface Box {
  readonly left: number;
  readonly top: number;
  readonly right: number;
  readonly bottom: number;
}

/** Something that is seen: a line of text, a picture, something to press. */
interface Seen {
  readonly element: Element;
  readonly what: string;
  readonly box: Box;
}

type Rgba = readonly [red: number, green: number, blue: number, alpha: number];

const pressed = 'button, select, input, textarea, img, progress';
/** A pixel may be shared: browsers round. */
const slackPx = 1.5;
const smallestPx = 10.5;

/** `root`: a CSS selector; each element that fits is looked at by itself, and nothing of one may overlap within it. */
export function layoutProblems(root: string): readonly string[] {
  const roots = [...document.querySelectorAll(root)];
  if (roots.length === 0) return [`nothing is there that fits ${root}`];
  return roots.flatMap((each) => {
    const seen = [...texts(each), ...things(each)];
    const where = each.closest('[id]')?.id ?? root;
    return [...outside(each, seen), ...overlaps(seen), ...unreadable(seen), ...unnamed(each)].map(
      (problem) => `${where}: ${problem}`,
    );
  });
}

function isShown(element: Element): boolean {
  // What a closed <details> holds, what is for screen readers only, and what shows on hover.
  return (
    element.checkVisibility({ checkOpacity: true, checkVisibilityCSS: true }) &&
    element.closest('.for-screen-readers, option') === null
  );
}

function texts(root: Element): readonly Seen[] {
  const found: Seen[] = [];
  const walker = document.createTreeWalker(root, NodeFilter.SHOW_TEXT);
  for (let node = walker.nextNode(); node !== null; node = walker.nextNode()) {
    const element = node.parentElement;
    const what = (node.textContent ?? '').trim();
    if (element === null || what === '' || !isShown(element)) continue;
    const range = document.createRange();
    range.selectNodeContents(node);
    for (const rect of range.getClientRects()) {
      const box = inView(rect, element);
      if (rect.width > 0 && box) found.push({ element, what, box });
    }
  }
  return found;
}

function things(root: Element): readonly Seen[] {
  return [...root.querySelectorAll(pressed)].filter(isShown).flatMap((element) => {
    const box = inView(element.getBoundingClientRect(), element);
    return box ? [{ element, what: nameOf(element), box }] : [];
  });
}

/** Without what is scrolled out of sight above or below; undefined: all of it is. */
function inView(box: Box, element: Element): Box | undefined {
  const { left, right } = box;
  let { top, bottom } = box;
  for (
    let up: Element | null = element;
    up !== null && up !== document.documentElement;
    up = up.parentElement
  ) {
    if (getComputedStyle(up).overflowY === 'visible') continue;
    const holder = up.getBoundingClientRect();
    top = Math.max(top, holder.top);
    bottom = Math.min(bottom, holder.bottom);
  }
  return bottom - top > 1 ? { left, right, top, bottom } : undefined;
}

/** Beyond what holds it: cut off, or under something else. */
function outside(root: Element, seen: readonly Seen[]): readonly string[] {
  return seen.flatMap(({ element, what, box }) => {
    const holder = clipper(element, root).getBoundingClientRect();
    const isOut = box.left < holder.left - slackPx || box.right > holder.right + slackPx;
    if (isOut)
      return [`“${shorten(what)}” is wider than its place by ${Math.round(box.right - holder.right)} px`];
    return box.right - box.left < 1 ? [`“${shorten(what)}” has no width`] : [];
  });
}

/** The nearest element that cuts off what is wider than it on purpose (an ellipsis), else the root. */
function clipper(element: Element, root: Element): Element {
  for (let up: Element | null = element; up !== null && up !== root; up = up.parentElement)
    if (getComputedStyle(up).textOverflow === 'ellipsis') return document.documentElement;
  return root;
}

function overlaps(seen: readonly Seen[]): readonly string[] {
  const found: string[] = [];
  const byTop = seen.toSorted((a, b) => a.box.top - b.box.top);
  byTop.forEach((one, index) => {
    for (const other of byTop.slice(index + 1)) {
      if (other.box.top >= one.box.bottom) break;
      if (one.element.contains(other.element) || other.element.contains(one.element)) continue;
      if (shared(one.box, other.box)) found.push(`“${shorten(one.what)}” lies over “${shorten(other.what)}”`);
    }
  });
  return found;
}

/** Lines of text reach a little into each other's height. */
function shared(one: Box, other: Box): boolean {
  const width = Math.min(one.right, other.right) - Math.max(one.left, other.left);
  const height = Math.min(one.bottom, other.bottom) - Math.max(one.top, other.top);
  const smaller = Math.min(one.bottom - one.top, other.bottom - other.top);
  return width > slackPx && height > smaller * 0.35;
}

function unreadable(seen: readonly Seen[]): readonly string[] {
  return seen.flatMap(({ element, what }) => {
    const style = getComputedStyle(element);
    const size = Number.parseFloat(style.fontSize);
    if (size < smallestPx) return [`“${shorten(what)}” has letters of ${size} px`];
    if (element.matches('img, progress, input[type="checkbox"], :disabled')) return [];
    const ratio = contrast(element, style);
    const isLarge = size >= 24 || (size >= 18.66 && Number(style.fontWeight) >= 700);
    const needed = isLarge ? 3 : 4.5;
    return ratio >= needed
      ? []
      : [`“${shorten(what)}” has a contrast of ${ratio.toFixed(2)}, not ${needed} (${style.color})`];
  });
}

function contrast(element: Element, { color }: CSSStyleDeclaration): number {
  const behind = background(element);
  const [light = 0, dark = 0] = [luminance(over(rgba(color), behind)), luminance(behind)].toSorted(
    (a, b) => b - a,
  );
  return (light + 0.05) / (dark + 0.05);
}

/** All that is painted behind it, down to the page's own white or black. */
function background(element: Element): Rgba {
  const layers: Rgba[] = [];
  for (let up: Element | null = element; up !== null; up = up.parentElement) {
    layers.push(rgba(getComputedStyle(up).backgroundColor));
    if (up instanceof HTMLDialogElement) break;
  }
  const isDark = matchMedia('(prefers-color-scheme: dark)').matches;
  const bottom: Rgba = isDark ? [18, 18, 18, 1] : [255, 255, 255, 1];
  return layers.reduceRight((below, layer) => over(layer, below), bottom);
}

function rgba(color: string): Rgba {
  const [red = 0, green = 0, blue = 0, alpha = 1] = (color.match(/[\d.]+/g) ?? []).map(Number);
  return [red, green, blue, alpha];
}

function over([red, green, blue, alpha]: Rgba, below: Rgba): Rgba {
  const mix = (above: number, under: number) => above * alpha + under * (1 - alpha);
  return [mix(red, below[0]), mix(green, below[1]), mix(blue, below[2]), 1];
}

function luminance([red, green, blue]: Rgba): number {
  const part = (value: number) => {
    const share = value / 255;
    return share <= 0.04045 ? share / 12.92 : ((share + 0.055) / 1.055) ** 2.4;
  };
  return 0.2126 * part(red) + 0.7152 * part(green) + 0.0722 * part(blue);
}

/** What a screen reader could only call “button”. */
function unnamed(root: Element): readonly string[] {
  return [...root.querySelectorAll(pressed)]
    .filter((element) => isShown(element) && nameOf(element) === '')
    .map((element) => `<${element.tagName.toLowerCase()} class="${element.className}"> has no name`);
}

function nameOf(element: Element): string {
  const labelled = (element.getAttribute('aria-labelledby') ?? '')
    .split(' ')
    .map((id) => document.getElementById(id)?.textContent ?? '');
  const labels = 'labels' in element ? (element.labels as NodeListOf<HTMLLabelElement> | null) : null;
  const own = element instanceof HTMLButtonElement ? element.textContent : element.getAttribute('alt');
  return [element.getAttribute('aria-label'), ...labelled, labels?.[0]?.textContent, own]
    .map((text) => text?.trim() ?? '')
    .join('');
}

function shorten(text: string): string {
  return text.length > 40 ? `${text.slice(0, 40)}…` : text;
}
