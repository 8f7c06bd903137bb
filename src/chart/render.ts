import { fileURLToPath } from 'node:url';
import { Resvg } from '@resvg/resvg-js';
import { parse, View } from 'vega';
import { compile } from 'vega-lite';
import type { SummaryPicture } from '../workflow/watch/summary-picture.ts';
import { fontFamily, pictureSpec } from './spec.ts';

/** They come with the program: what a machine has installed must not decide whether Korean can be read. */
const fontFiles = ['400Regular/NanumGothic_400Regular.ttf', '700Bold/NanumGothic_700Bold.ttf'].map((file) =>
  fileURLToPath(import.meta.resolve(`@expo-google-fonts/nanum-gothic/${file}`)),
);
const zoom = 2;
const margin = 14;

/** PNG, about 1,300 pixels wide. Takes a second and some 100 MB; draw in a thread of its own (draw-picture.ts). */
export async function renderPicture(picture: SummaryPicture): Promise<Uint8Array> {
  const drawing = new Resvg(await renderSvg(picture), {
    font: { fontFiles, loadSystemFonts: false, defaultFontFamily: fontFamily },
    fitTo: { mode: 'zoom', value: zoom },
    background: 'white',
  });
  // Vega cannot measure letters without a browser and leaves too much room or too little; this is what is really drawn.
  const drawn = drawing.getBBox();
  if (!drawn) throw new Error('the picture came out empty');
  drawn.x -= margin;
  drawn.y -= margin;
  drawn.width += 2 * margin;
  drawn.height += 2 * margin;
  drawing.cropByBBox(drawn);
  return drawing.render().asPng();
}

export async function renderSvg(picture: SummaryPicture): Promise<string> {
  const view = new View(parse(compile(pictureSpec(picture)).spec), { renderer: 'none' });
  try {
    return await view.toSVG();
  } finally {
    view.finalize();
  }
}
