import { spawn } from 'node:child_process';

/** Asks the desktop to show the address. A machine without one is no error: the address was printed. */
export function openBrowser(address: string): void {
  const [program, ...words] =
    process.platform === 'darwin'
      ? (['open'] as const)
      : process.platform === 'win32'
        ? (['explorer.exe'] as const)
        : (['xdg-open'] as const);
  const child = spawn(program, [...words, address], { stdio: 'ignore', detached: true });
  child.on('error', () => undefined);
  child.unref();
}
