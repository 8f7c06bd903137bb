import { measureApproveToCard } from './approve-to-card.ts';

/** Ratios within one run: absolute times say more about the machine than about the bot. Exit 1 when a bound is broken. */
const bounds = { approveToCard: 1.25 };

const { botMs, shellMs, botPeakKiB } = await measureApproveToCard();
const ratio = median(botMs) / median(shellMs);
console.log('From the approving click to the final card');
console.log(`  bot           ${figures(botMs)}`);
console.log(`  shell script  ${figures(shellMs)}   the same steps with the same client`);
console.log(`  ratio         ${ratio.toFixed(2)}   (bound ${bounds.approveToCard})`);
console.log(
  `  peak memory   ${botPeakKiB === undefined ? 'unknown' : `${(botPeakKiB / 1024).toFixed(0)} MiB`} (the bot's process)`,
);
if (ratio > bounds.approveToCard) process.exitCode = 1;

function median(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b);
  return sorted[Math.floor(sorted.length / 2)] ?? Number.NaN;
}

function figures(values: readonly number[]): string {
  const [min, max] = [Math.min(...values), Math.max(...values)];
  return `median ${seconds(median(values))}, min ${seconds(min)}, max ${seconds(max)}, ${values.length} rounds`;
}

function seconds(ms: number): string {
  return `${(ms / 1000).toFixed(2)} s`;
}
