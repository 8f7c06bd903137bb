import assert from 'node:assert/strict';
import { it } from 'node:test';
import { animatedWebp } from '../../sandbox/page/animated-webp.ts';
import { launchChromium } from '../support/chromium.ts';
import { need } from '../support/need.ts';
import { chromium } from './browser-world.ts';

it('pictures of a browser become one animation that a browser plays', { timeout: 120_000 }, async (t) => {
  if (!need(t, 'chromium', chromium)) return;
  const browser = await launchChromium(chromium);
  t.after(() => browser.close());
  const size = { width: 64, height: 40 };
  const window = await browser.newPage({ viewport: size });
  const devtools = await window.context().newCDPSession(window);
  const frames: { picture: Buffer; ms: number }[] = [];
  for (const [color, ms] of [
    ['red', 1_500],
    ['blue', 500],
  ] as const) {
    await window.setContent(`<body style="background: ${color}">`);
    const { data } = await devtools.send('Page.captureScreenshot', { format: 'webp', quality: 90 });
    frames.push({ picture: Buffer.from(data, 'base64'), ms });
  }

  // Decoders are there in secure contexts only, such as a page of loopback.
  await window.route('http://127.0.0.1/', (route) => route.fulfill({ contentType: 'text/html', body: '' }));
  await window.goto('http://127.0.0.1/');
  const animation = animatedWebp(frames, size).toString('base64');
  const played = await window.evaluate(`(async () => {
    const data = Uint8Array.from(atob('${animation}'), (each) => each.charCodeAt(0));
    const decoder = new ImageDecoder({ data, type: 'image/webp' });
    await decoder.tracks.ready;
    const frames = [];
    for (let frameIndex = 0; frameIndex < decoder.tracks.selectedTrack.frameCount; frameIndex += 1) {
      const { image } = await decoder.decode({ frameIndex });
      const canvas = new OffscreenCanvas(image.displayWidth, image.displayHeight);
      const context = canvas.getContext('2d');
      context.drawImage(image, 0, 0);
      const [red, , blue] = context.getImageData(5, 5, 1, 1).data;
      frames.push([red > blue ? 'red' : 'blue', image.duration / 1000, canvas.width, canvas.height]);
    }
    return { frames, again: decoder.tracks.selectedTrack.repetitionCount };
  })()`);
  assert.deepEqual(played, {
    frames: [
      ['red', 1_500, 64, 40],
      ['blue', 500, 64, 40],
    ],
    again: Number.POSITIVE_INFINITY,
  });
  assert.throws(() => animatedWebp([{ picture: Buffer.from('PNG'), ms: 1 }], size), /no WebP/);
});
